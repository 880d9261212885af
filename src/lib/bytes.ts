/**
 * HOT: numbers and texts in bytes. V8 neither inlines the methods of a Buffer nor remembers where they are, and `Buffer` itself is an
 * accessor: so what is done for each packet is done without them. Bench: npm run bench.
 */
import { Buffer } from "node:buffer";

/** Big-endian; 0 for bytes that are not there. */
export function uint32At(bytes: Uint8Array, at: number): number {
  const [high, low] = [uint16At(bytes, at), uint16At(bytes, at + 2)];
  return high * 65_536 + low;
}

/** Big-endian. */
export function putUint32(bytes: Uint8Array, value: number, at: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

const uint16At = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Texts up to here are written a character at a time: a call into the runtime costs more. */
const SHORT_TEXT = 32;

/** Writes a text of bytes. */
export function putText(bytes: Buffer, text: string, at: number): void {
  if (text.length > SHORT_TEXT) latin1Write.call(bytes, text, at, text.length);
  else for (let index = 0; index < text.length; index++) bytes[at + index] = text.charCodeAt(index);
}

/** Bytes as a text, a character for each. */
export const textAt = (bytes: Buffer, start: number, end: number): string =>
  start === end ? "" : latin1Slice.call(bytes, start, end);

/** As bytes; those of a Uint8Array are shared. */
export const asBuffer = (what: string | Uint8Array): Buffer =>
  typeof what === "string" ? Buffer.from(what, "latin1") : Buffer.from(what.buffer, what.byteOffset, what.byteLength);

/** What `toString` and `write` call in the end. Not in Node's documentation, but in Buffer's prototype since Node 6. */
interface Latin1 {
  latin1Slice(this: Buffer, start: number, end: number): string;
  latin1Write(this: Buffer, text: string, at: number, length: number): number;
}

const hasLatin1 = (prototype: object): prototype is Latin1 => "latin1Slice" in prototype && "latin1Write" in prototype;

const plain: Latin1 = {
  latin1Slice(start, end) {
    return this.toString("latin1", start, end);
  },
  latin1Write(text, at, length) {
    return this.write(text, at, length, "latin1");
  },
};

const { latin1Slice, latin1Write } = hasLatin1(Buffer.prototype) ? Buffer.prototype : plain;
