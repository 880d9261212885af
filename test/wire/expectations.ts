import type { Wire } from "../support/wire.ts";
import type { Names } from "./names.ts";

/** How long an answer may take, milliseconds. Reached only in a test that fails. */
export const PATIENCE = 15_000;

/** Something else came. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
  /** The text that was looked at, where it was one. */
  readonly text: string;

  constructor(why: string, text = "") {
    super(why);
    this.text = text;
  }
}

/** The next thing is this packet. */
export async function expectPacket(wire: Wire, names: Names, name: string, args: readonly string[]): Promise<void> {
  await wire.until(() => wire.events.length > 0 || wire.ended, PATIENCE);
  const [got] = wire.events;
  const same =
    got?.kind === "packet" &&
    got.name === name &&
    got.args.length === args.length &&
    args.every((arg, index) => names.match(arg, got.args[index]));
  if (!same) throw new Unexpected("another packet was expected");
  wire.events.shift();
}

/** The next lines, each with its LF, are these. */
export async function expectText(wire: Wire, names: Names, text: string): Promise<void> {
  const count = text.split("\n").length - 1;
  const came = await textOf(wire, (sofar) => sofar.split("\n").length > count);
  const got = came
    .split(/(?<=\n)/)
    .slice(0, count)
    .join("");
  if (!names.match(text, got)) throw new Unexpected("another text was expected", got);
  drop(wire, got.length);
}

/** The next lines are a table: these rows in any order, and the full stop. */
export async function expectRows(wire: Wire, names: Names, rows: readonly string[]): Promise<void> {
  const table = /^(?:[\s\S]*?\n)??\.\n/;
  const got = table.exec(await textOf(wire, (sofar) => table.test(sofar)))?.[0] ?? "";
  const left = got.split("\n").slice(0, -2);
  for (const row of rows) {
    const found = left.findIndex((line) => names.match(row, line));
    if (found < 0) throw new Unexpected(`no such row: ${JSON.stringify(row)}`, got);
    left.splice(found, 1);
  }
  if (left.length > 0 || got === "") throw new Unexpected("another table was expected", got);
  drop(wire, got.length);
}

/** It is not closed: an ECHO_REQ is answered. */
export async function expectOpen(wire: Wire): Promise<void> {
  if (!wire.ended && !(await wire.fence(PATIENCE))) throw new Unexpected("no answer to ECHO_REQ");
  if (wire.ended) throw new Unexpected("it is closed");
}

/** It is closed by the server, sooner or later. */
export async function expectEnd(wire: Wire): Promise<void> {
  if (!(await wire.until(() => wire.ended, PATIENCE))) throw new Unexpected("the server did not close");
}

/** Nothing came that was not expected. */
export function expectEmpty(wire: Wire): void {
  if (wire.events.length > 0) throw new Unexpected("nothing more was expected");
}

/** The text that comes next, once it is complete or cannot become so. */
async function textOf(wire: Wire, complete: (text: string) => boolean): Promise<string> {
  const text = (): string => (wire.events[0]?.kind === "text" ? wire.events[0].text : "");
  await wire.until(() => complete(text()) || wire.ended || wire.events.length > (text() === "" ? 0 : 1), PATIENCE);
  return text();
}

function drop(wire: Wire, length: number): void {
  const [event] = wire.events;
  if (event?.kind !== "text") return;
  event.text = event.text.slice(length);
  if (event.text === "") wire.events.shift();
}
