import type { ErrorName } from "./errors.ts";
import { MAX_ARGUMENT, MAX_LAST_ARGUMENT } from "./header.ts";
import type { PacketSpec } from "./packets.ts";

/** The body of a packet, taken apart. */
export interface Arguments {
  /** As many as the packet's table row names; bytes as Latin-1. */
  readonly args: readonly string[];
  /** What follows the arguments: a view of the body, no copy. Empty for packets without data. */
  readonly data: Buffer;
}

const NUL = 0;
const EMPTY = Buffer.alloc(0);
const NONE: Arguments = { args: [], data: EMPTY };

/** Takes a body apart as its packet's table row says, or says what is wrong with it. Looks at nothing outside the body. */
export function decodeBody(spec: PacketSpec, body: Buffer): Arguments | ErrorName {
  if (spec.args.length === 0) return spec.data ? { args: [], data: body } : NONE; // a body without need is ignored, as in gearmand
  if (!spec.data || isBareResult(spec, body)) return decodeWithoutData(spec.args.length, body);
  return decodeWithData(spec.args.length, body);
}

/** Perl's worker sends an empty result as the handle alone, without the NUL behind it. */
function isBareResult(spec: PacketSpec, body: Buffer): boolean {
  return spec.direction === "both" && !body.includes(NUL);
}

/** Every argument ends in NUL; the rest is data. */
function decodeWithData(count: number, body: Buffer): Arguments | ErrorName {
  const args: string[] = [];
  const start = takeTerminated(count, body, args);
  return typeof start === "number" ? { args, data: body.subarray(start) } : start;
}

/** Every argument but the last ends in NUL; the last is the rest, whatever it holds. */
function decodeWithoutData(count: number, body: Buffer): Arguments | ErrorName {
  const args: string[] = [];
  const start = takeTerminated(count - 1, body, args);
  if (typeof start !== "number") return start;
  if (body.length - start > MAX_LAST_ARGUMENT) return "argumentTooLong";
  args.push(body.toString("latin1", start));
  return { args, data: EMPTY };
}

function takeTerminated(count: number, body: Buffer, args: string[]): number | ErrorName {
  let start = 0;
  for (let taken = 0; taken < count; taken++) {
    const end = body.indexOf(NUL, start);
    if (end < 0) return "malformed";
    if (end - start > MAX_ARGUMENT) return "argumentTooLong";
    args.push(body.toString("latin1", start, end));
    start = end + 1;
  }
  return start;
}
