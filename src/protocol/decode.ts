import { textAt } from "../lib/bytes.ts";
import type { ErrorName } from "./errors.ts";
import { MAX_ARGUMENT, MAX_LAST_ARGUMENT } from "./header.ts";
import type { PacketSpec } from "./packets.ts";
import type { Body } from "./reader.ts";

/** The body of a packet, taken apart. */
export interface Arguments {
  /** As many as the packet's table row names; bytes as Latin-1. */
  readonly args: readonly string[];
  /** Where what follows the arguments begins. It ends with the body: where the body does, for packets without data. */
  readonly dataAt: number;
}

const NUL = 0;
const NO_ARGS: readonly string[] = [];

/** What follows the arguments: a view of the body, no copy. */
export const dataOf = ({ bytes, end }: Body, { dataAt }: Arguments): Buffer => bytes.subarray(dataAt, end);

/** HOT: takes a body apart as its packet's table row says, or says what is wrong with it. Looks at nothing outside the body. */
export function decodeBody(spec: PacketSpec, body: Body): Arguments | ErrorName {
  // A body without need is ignored, as in gearmand.
  if (spec.args.length === 0) return { args: NO_ARGS, dataAt: spec.data ? body.start : body.end };
  if (!spec.data || isBareResult(spec, body)) return decodeWithoutData(spec.args.length, body);
  return decodeWithData(spec.args.length, body);
}

/** Perl's worker sends an empty result as the handle alone, without the NUL behind it. */
function isBareResult(spec: PacketSpec, body: Body): boolean {
  return spec.direction === "both" && findNul(body, body.start) === body.end;
}

/** Every argument ends in NUL; the rest is data. */
function decodeWithData(count: number, body: Body): Arguments | ErrorName {
  const args = new Array<string>(count);
  const at = takeTerminated(count, body, args);
  return typeof at === "number" ? { args, dataAt: at } : at;
}

/** Every argument but the last ends in NUL; the last is the rest, whatever it holds. */
function decodeWithoutData(count: number, body: Body): Arguments | ErrorName {
  const args = new Array<string>(count);
  const at = takeTerminated(count - 1, body, args);
  if (typeof at !== "number") return at;
  if (body.end - at > MAX_LAST_ARGUMENT) return "argumentTooLong";
  args[count - 1] = textAt(body.bytes, at, body.end);
  return { args, dataAt: body.end };
}

function takeTerminated(count: number, body: Body, args: string[]): number | ErrorName {
  let at = body.start;
  for (let taken = 0; taken < count; taken++) {
    const end = findNul(body, at);
    if (end === body.end) return "malformed";
    if (end - at > MAX_ARGUMENT) return "argumentTooLong";
    args[taken] = textAt(body.bytes, at, end);
    at = end + 1;
  }
  return at;
}

/** Arguments are short: a call into the runtime costs more than looking at them here. Returns the body's end if there is none. */
function findNul({ bytes, end }: Body, from: number): number {
  const near = Math.min(end, from + SHORT);
  let at = from;
  while (at < near && bytes[at] !== NUL) at++;
  if (at < near || at === end) return at;
  const found = bytes.indexOf(NUL, at);
  return found < 0 || found > end ? end : found;
}

/** Bytes. */
const SHORT = 64;
