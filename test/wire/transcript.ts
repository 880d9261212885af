import type { PacketName } from "../../src/protocol/packets.ts";
import { PACKETS } from "../../src/protocol/packets.ts";

/**
 * The transcript format, read aloud: who sends what, and what comes back. See README.md beside this file.
 * This is the reader: text to steps. run.ts plays them.
 */

/** Which server a step is for; `ours` steps name the difference that they show. */
export type Side = "both" | "gearmand" | "ours";

export type Action =
  | {
      readonly do: "send";
      readonly packet: PacketName;
      readonly args: readonly string[];
      readonly magic: "REQ" | "RES";
    }
  | { readonly do: "write"; readonly bytes: string }
  | { readonly do: "expect"; readonly packet: PacketName; readonly args: readonly string[] }
  | { readonly do: "expect-text"; readonly text: string }
  | { readonly do: "rows"; readonly rows: readonly string[] }
  | { readonly do: "nothing" | "close" | "half-close" | "closed" | "gone" | "open" }
  | { readonly do: "poll"; readonly packet: PacketName; readonly refused: PacketName };

export interface Step {
  readonly line: number;
  readonly source: string;
  readonly conn: string;
  readonly side: Side;
  /** Sent without waiting until the server has dealt with it: more follows, or it is not a whole message. */
  readonly unfenced: boolean;
  readonly action: Action;
}

export interface Scenario {
  readonly title: string;
  readonly line: number;
  /** The side that this scenario is for, when it has steps for one only. */
  readonly flags: Readonly<Record<Exclude<Side, "both">, readonly string[]>>;
  readonly differences: readonly string[];
  readonly steps: readonly Step[];
}

interface Draft {
  title: string;
  line: number;
  flags: { gearmand: string[]; ours: string[] };
  differences: string[];
  steps: Step[];
}

export function parseTranscript(text: string): Scenario[] {
  const scenarios: Draft[] = [];
  let side: Side = "both";
  for (const [index, raw] of text.split("\n").entries()) {
    const source = raw.trim();
    const line = index + 1;
    const current = scenarios.at(-1);
    if (source === "" || source.startsWith("#")) continue;
    if (source.startsWith("== ")) {
      scenarios.push({ title: source.slice(3), line, flags: { gearmand: [], ours: [] }, differences: [], steps: [] });
      side = "both";
    } else if (current === undefined) throw new Error(`line ${line}: no scenario yet`);
    else if (source.startsWith("[")) side = readSide(source, current, line);
    else if (source.startsWith("flags:")) addFlags(current, side, source.slice(6).trim().split(/\s+/));
    else current.steps.push(readStep(source, line, side));
  }
  return scenarios;
}

function readSide(source: string, scenario: Draft, line: number): Side {
  const match = /^\[(both|gearmand|ours)(?: ([a-z0-9-]+))?\]$/.exec(source);
  if (match === null || (match[1] === "ours") !== (match[2] !== undefined)) throw new Error(`line ${line}: ${source}`);
  if (match[2] !== undefined) scenario.differences.push(match[2]);
  return match[1] as Side;
}

function addFlags(scenario: Draft, side: Side, flags: string[]): void {
  for (const one of ["gearmand", "ours"] as const)
    if (side === "both" || side === one) scenario.flags[one].push(...flags);
}

function readStep(source: string, line: number, side: Side): Step {
  const match = /^(\w+)\s*(>>|>|<)?\s*(.*)$/.exec(source);
  const [, conn = "", arrow, rest = ""] = match ?? [];
  try {
    const action = arrow === undefined ? readMove(rest) : arrow === "<" ? readExpected(rest) : readSent(rest);
    return { line, source, conn, side, unfenced: arrow === ">>", action };
  } catch (error) {
    throw new Error(`line ${line}: ${source}: ${(error as Error).message}`);
  }
}

const MOVES = ["close", "half-close", "closed", "gone", "open"] as const;

function readMove(rest: string): Action {
  const move = MOVES.find((one) => one === rest);
  if (move !== undefined) return { do: move };
  const poll = /^polls (\w+) while (\w+)$/.exec(rest);
  if (poll === null) throw new Error("what does the connection do?");
  return { do: "poll", packet: packetName(poll[1] ?? ""), refused: packetName(poll[2] ?? "") };
}

function readSent(rest: string): Action {
  const magic = rest.startsWith("RES ") ? "RES" : "REQ";
  const [word, args] = firstWord(magic === "RES" ? rest.slice(4) : rest);
  if (word in PACKETS) return { do: "send", packet: packetName(word), args: readValues(args), magic };
  if (rest.startsWith('"')) return { do: "write", bytes: readValues(rest).join("") };
  if (/^[A-Z_]+$/.test(word)) throw new Error("no such packet");
  return { do: "write", bytes: `${readValue(rest)}\n` };
}

function readExpected(rest: string): Action {
  const [word, args] = firstWord(rest);
  if (rest === "nothing") return { do: "nothing" };
  if (word === "rows") return { do: "rows", rows: args === "" ? [] : readValues(args) };
  if (rest.startsWith('"')) return { do: "expect-text", text: readValues(rest).join("") };
  return { do: "expect", packet: packetName(word), args: readValues(args) };
}

function firstWord(text: string): [string, string] {
  const match = /^(\S*)\s*(.*)$/.exec(text);
  return [match?.[1] ?? "", match?.[2] ?? ""];
}

function packetName(word: string): PacketName {
  if (!(word in PACKETS)) throw new Error(`no such packet: ${word}`);
  return word as PacketName;
}

/** `a | "b c" | x*70`: values between bars; quotes keep blanks and bars; `*N` repeats. No text at all is no value. */
function readValues(text: string): string[] {
  if (text === "") return [];
  const values = text.match(/(?:"(?:[^"\\]|\\.)*"|[^|"])+|(?<=\||^)(?=\||$)/g) ?? [];
  if (values.join("|") !== text) throw new Error("bad quotes");
  return values.map((value) => readValue(value.trim()));
}

function readValue(text: string): string {
  const repeated = /^(.+)\*(\d+)$/.exec(text);
  if (repeated !== null) return readValue(repeated[1] ?? "").repeat(Number(repeated[2]));
  if (!text.includes('"')) return unescaped(text);
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) throw new Error(`bad quotes: ${text}`);
  return unescaped(text.slice(1, -1));
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0", "\\": "\\", '"': '"' };

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex: string | undefined, letter: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const value = ESCAPES[letter];
    if (value === undefined) throw new Error(`unknown escape \\${letter}`);
    return value;
  });
}
