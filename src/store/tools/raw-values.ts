/** Values of a row as SQLite keeps them in a page. https://www.sqlite.org/fileformat2.html#record_format */
import type { Value } from "../sqlite/driver.ts";

export interface Varint {
  readonly value: number;
  /** Where the next thing begins. */
  readonly end: number;
}

/** Numbers beyond 2^53 are only about right: ours are none. */
export function readVarint(bytes: Buffer, at: number): Varint {
  let value = 0;
  for (let end = at; end < at + 8; end++) {
    const byte = bytes[end] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: end + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), end: at + 9 };
}

/** The bytes of integers, by their types. */
const INTEGERS: readonly number[] = [0, 1, 2, 3, 4, 6, 8];
const REAL = 7;
const FIRST_BLOB = 12;

/** How many bytes a value of that type has. */
function sizeOf(type: number): number {
  if (type >= FIRST_BLOB) return Math.floor((type - FIRST_BLOB) / 2);
  return type === REAL ? 8 : (INTEGERS[type] ?? 0);
}

const readInteger = (bytes: Buffer, size: number): number =>
  size > 6 ? Number(bytes.readBigInt64BE()) : bytes.readIntBE(0, size);

function decode(type: number, bytes: Buffer): Value {
  if (type >= FIRST_BLOB) return type % 2 === 0 ? bytes : bytes.toString("utf8");
  if (type === REAL) return bytes.readDoubleBE();
  if (bytes.length > 0) return readInteger(bytes, bytes.length);
  return type === 0 ? null : type - 8;
}

/** What the head of a record says of it. */
export interface Shape {
  readonly types: readonly number[];
  readonly head: number;
  /** Bytes of head and values. */
  readonly size: number;
}

/** Undefined: those bytes are no head. */
export function readShape(bytes: Buffer, start: number): Shape | undefined {
  const { value: head, end: first } = readVarint(bytes, start);
  const types: number[] = [];
  let at = first;
  while (at < start + head && at < bytes.length) {
    const { value, end } = readVarint(bytes, at);
    types.push(value);
    at = end;
  }
  if (at !== start + head) return undefined;
  return { types, head, size: types.reduce((sum, type) => sum + sizeOf(type), head) };
}

/** The values of a whole record. */
export function readValues({ types, head }: Shape, payload: Buffer): Value[] {
  let at = head;
  return types.map((type) => {
    const start = at;
    at += sizeOf(type);
    return decode(type, payload.subarray(start, at));
  });
}
