import fc from "fast-check";
import type { Argument, HandleOf } from "./script.ts";

/** What scripts are made of: few names, so that they meet often, and every odd value that the protocol lets through. */

/** A choice of values, each as likely as its weight says. */
export const oneOf = <T>(...choices: readonly (readonly [number, fc.Arbitrary<T>])[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

export const among = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

export const connection = fc.nat(4);

/** Names that a line of text can say. */
export const functionName = oneOf(
  [40, among("f")],
  [20, among("g")],
  [6, among("F", "h", "")],
  [2, among("\xe4", "a.b", "x".repeat(300))],
);
/** And those that it cannot. */
export const anyFunction = oneOf([60, functionName], [1, among("a b")]);
/** As the last argument of a packet a name may even have a NUL. */
export const offered = oneOf([60, anyFunction], [1, among("n\0")]);

export const unique = oneOf(
  [20, among("")],
  [30, among("u1", "u2", "u3")],
  [6, among("-", "#")],
  [3, among("x", "with blank", "1", "\xe4", "u".repeat(63))],
  [2, among("v".repeat(64), "w".repeat(65), "w".repeat(200))],
);
export const data = oneOf(
  [10, among("x", "y", "abc")],
  [5, among("", "\0", "a\0b", "u1")],
  [1, among("z".repeat(5000), "z".repeat(70_000))],
);
export const reducer = among("r", "sum", "", "r".repeat(63), "r".repeat(65));
export const number = oneOf(
  [4, among("0", "1", "2", "50", "100")],
  [
    2,
    among("07", "-1", "abc", "", " 3", "+4", "12x", "1e3", "0x10", "4294967297", "1234567890", "\t5", "\xa05", "--1"),
  ],
  [1, among("12345678901", "123456789012", "9".repeat(30))],
);
export const timeout = among("0", "60000", "5", "-1", "abc", "", "86400000");
/** Past, no number, or a time that does not come. */
export const epoch = oneOf([4, among("0", "1", "", "abc", "-5", "1000000000")], [1, among("4102444800")]);

export const handleOf = (
  told: HandleOf["told"],
  on: fc.Arbitrary<number>,
  suffix = among(""),
): fc.Arbitrary<Argument> =>
  fc.record({ told: fc.constant(told), on, back: oneOf([6, among(0)], [3, among(1)], [1, fc.nat(4)]), suffix });
export const noHandle: fc.Arbitrary<Argument> = among("H:none:1", "H:d:999999999", "", "h".repeat(63));
export const anyHandle = oneOf<Argument>(
  [5, handleOf("created", connection)],
  [5, handleOf("assigned", connection)],
  [2, noHandle],
);
/** With a NUL behind it, as some workers send it (gearmand#108), and worse. */
export const longHandle = handleOf("assigned", connection, among("\0", "\0\0", "\0x", "0"));
/** Mostly one that this connection runs. */
export const workHandle = (on: number) => oneOf<Argument>([8, handleOf("assigned", fc.constant(on))], [2, anyHandle]);
