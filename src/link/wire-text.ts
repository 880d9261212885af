import { MAX_ARGUMENT, MAX_HANDLE, MAX_UNIQUE } from "../protocol/header.ts";
import { GearmanError } from "./errors.ts";

/** C gearmand takes one of 64 bytes, cuts its last, and answers no question for it. */
const UNCUT = MAX_UNIQUE - 1;

/** What the protocol calls the texts that a caller gives, and how many bytes they may have. */
const MOST = { function: MAX_ARGUMENT, unique: UNCUT, reducer: UNCUT, handle: MAX_HANDLE, id: 127 } as const;

const ASCII = /^[\x01-\x7f]*$/;

/** A text as the packets carry it: its UTF-8 bytes, as Latin-1. Throws if it holds NUL or is too long. */
export function toWire(what: keyof typeof MOST, text: string): string {
  if (typeof text !== "string") throw new GearmanError("ARGUMENT", `the ${what} is no string, but ${typeof text}`);
  const wire = ASCII.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");
  if (wire.includes("\0"))
    throw new GearmanError("ARGUMENT", `the ${what} ${JSON.stringify(text)} holds a NUL byte: leave it out`);
  if (wire.length > MOST[what]) {
    throw new GearmanError("ARGUMENT", `the ${what} has ${wire.length} bytes: give one of at most ${MOST[what]}`);
  }
  return wire;
}

/** The text that a packet carried. */
export function fromWire(wire: string): string {
  return ASCII.test(wire) ? wire : Buffer.from(wire, "latin1").toString("utf8");
}
