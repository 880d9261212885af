import { readFileSync } from "node:fs";
import type { PacketName } from "../../src/protocol/packets.ts";

/** A packet of test/protocol/packets.txt. */
export interface Fixture {
  readonly title: string;
  readonly magic: "request" | "response";
  readonly name: PacketName;
  readonly type: number;
  readonly bytes: Buffer;
  /** What the file calls the arguments, in order; `data` is not among them. */
  readonly fields: readonly string[];
  readonly args: readonly string[];
  /** Undefined: a packet without data. */
  readonly data: Buffer | undefined;
}

interface Line {
  readonly bytes: Buffer;
  readonly meaning: string;
}

const TOKEN = /(?:([0-9a-f]{2})|"([^"]*)")(?: +|$)/y;

function parseLine(text: string): Line {
  const parts: Buffer[] = [];
  let rest = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    rest = TOKEN.lastIndex;
    parts.push(match[1] === undefined ? Buffer.from(match[2] ?? "", "latin1") : Buffer.from(match[1], "hex"));
  }
  return { bytes: Buffer.concat(parts), meaning: text.slice(rest).trim() };
}

function parseFixture(block: string): Fixture {
  const [title = "", ...rows] = block.trimEnd().split("\n");
  const lines = rows.map(parseLine);
  const [magic, name] = title.split(" ") as [Fixture["magic"], PacketName];
  const fields = lines.slice(3);
  // Every field but the last ends in NUL.
  const values = fields.map(({ bytes }, index) => (index < fields.length - 1 ? bytes.subarray(0, -1) : bytes));
  const hasData = fields.at(-1)?.meaning === "data";
  const count = fields.length - (hasData ? 1 : 0);
  return {
    title,
    magic,
    name,
    type: Number(lines[1]?.meaning.slice("type ".length)),
    bytes: Buffer.concat(lines.map(({ bytes }) => bytes)),
    fields: fields.slice(0, count).map(({ meaning }) => meaning),
    args: values.slice(0, count).map((bytes) => bytes.toString("latin1")),
    data: hasData ? values.at(-1) : undefined,
  };
}

/** Every packet of the protocol, byte by byte. */
export const fixtures: readonly Fixture[] = readFileSync(new URL("../protocol/packets.txt", import.meta.url), "utf8")
  .split("\n== ")
  .slice(1)
  .map(parseFixture);
