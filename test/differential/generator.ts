import fc from "fast-check";
import { lines } from "./lines.ts";
import { abilities, grab, packet, question, refused, submit, work } from "./packets.ts";
import type { Argument, Break, Message, Script, Send, Step } from "./script.ts";
import { among, connection, data, functionName, number, oneOf } from "./values.ts";

/** Random scripts. */

/** Two connections are mostly clients, two mostly workers, one is anything. */
function message(on: number): fc.Arbitrary<Message> {
  const client = on < 2 ? 4 : 1;
  const worker = on === 2 || on === 3 ? 4 : 1;
  return oneOf<Message>(
    [10 * client, submit],
    [4 * worker, abilities],
    [8 * worker, grab],
    [3 * worker, packet("PRE_SLEEP")],
    [8 * worker, work(on)],
    [3, question],
    [1, refused],
    [4, lines],
  );
}

const messages = connection.chain(
  (on): fc.Arbitrary<Send> =>
    fc.record({ on: fc.constant(on), messages: fc.array(message(on), { minLength: 1, maxLength: 5, size: "+1" }) }),
);

/** A job from its grab to its end, one or two things told of it between: what chance alone brings together too seldom. */
const shift = connection.chain((on): fc.Arbitrary<Step[]> => {
  const mine = among<Argument>({ told: "assigned", on, back: 0, suffix: "" });
  const told = oneOf<Message>(
    [2, packet("WORK_DATA", mine, data)],
    [2, packet("WORK_STATUS", mine, number, number)],
    [1, packet("WORK_WARNING", mine, data)],
  );
  const end = oneOf<Message>(
    [3, packet("WORK_COMPLETE", mine, data)],
    [1, packet("WORK_FAIL", mine)],
    [1, packet("WORK_EXCEPTION", mine, data)],
  );
  const say = (...said: fc.Arbitrary<readonly Message[]>[]) =>
    fc.tuple(...said).map((parts) => ({ on, messages: parts.flat() }));
  const one = (arbitrary: fc.Arbitrary<Message>) => arbitrary.map((drawn) => [drawn]);
  const after = fc.array(oneOf<Message>([3, grab], [1, packet("PRE_SLEEP")]), { maxLength: 2 });
  return fc.tuple(say(one(grab)), say(fc.array(told, { maxLength: 2 }), one(end), after)).map((steps) => [...steps]);
});

const raw = (type: number, body: string, size = body.length): string => {
  const header = Buffer.alloc(12);
  header.write("\0REQ", "latin1");
  header.writeUInt32BE(type, 4);
  header.writeUInt32BE(size, 8);
  return header.toString("latin1") + body;
};

const TOO_LONG = "x".repeat(8193);

const broken = oneOf<Omit<Break, "on">>(
  [
    2,
    among(
      raw(0, ""),
      raw(43, ""),
      raw(101, "abc"),
      "\0REX\0\0\0\x10\0\0\0\0",
      raw(16, "half", 40),
      "\0REQ",
      "stat",
    ).map((bytes) => ({ breaks: "closes" as const, bytes })),
  ],
  [1, among("status a b c d e\n", `${TOO_LONG}\n`).map((bytes) => ({ breaks: "closes" as const, bytes }))],
  [1, among(7, 12, 18, 23, 36, 38).map((type) => ({ breaks: "missing-arguments" as const, bytes: raw(type, "f") }))],
  [
    1,
    among(raw(7, `${TOO_LONG}\0u\0x`), raw(18, `f\0${TOO_LONG}\0x`), raw(1, TOO_LONG), raw(22, TOO_LONG)).map(
      (bytes) => ({ breaks: "argument-too-large" as const, bytes }),
    ),
  ],
);

const steps = oneOf<readonly Step[]>(
  [40, messages.map((step) => [step])],
  [15, shift],
  [3, connection.map((on) => [{ on, close: true as const }])],
  [1, fc.tuple(connection, broken).map(([on, how]) => [{ on, ...how }])],
);

const flags = oneOf<readonly string[]>(
  [8, among([])],
  [1, among(["--job-retries=1"], ["--job-retries=2"], ["--exceptions"])],
);

/** The workers begin with something to offer, mostly. */
const prologue: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    ...[2, 3].map((on) =>
      fc
        .option(packet("CAN_DO", functionName))
        .map((offer): Step[] => (offer === null ? [] : [{ on, messages: [offer] }])),
    ),
  )
  .map((parts) => parts.flat());

export const script: fc.Arbitrary<Script> = fc
  .tuple(flags, prologue, fc.array(steps, { minLength: 1, maxLength: 50, size: "max" }))
  .map(([chosen, before, parts]) => ({ flags: chosen, steps: [...before, ...parts.flat()] }));
