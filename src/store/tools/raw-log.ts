/** The write-ahead log beside a database, read past damage. https://www.sqlite.org/fileformat2.html#the_write_ahead_log */

const HEAD = 32;
const FRAME_HEAD = 24;
const MAGIC = 0x377f0682;
const SALT_AT = 16;

/** The newest committed version of pages. */
export interface LogPages {
  /** Where in the log each page is. */
  readonly at: ReadonlyMap<number, number>;
  /** Pages of the database after the last commit; 0: there was none. */
  readonly count: number;
  /** Frames between others that are damaged. */
  readonly damaged: number;
}

type ReadAt = (position: number, length: number) => Buffer | undefined;

type Sums = readonly [number, number];

/** SQLite's checksum goes on from the frame before. */
function sumsOf(bytes: Buffer, [first, second]: Sums, read: (at: number) => number): Sums {
  let [s0, s1] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    s0 = (s0 + read.call(bytes, at) + s1) >>> 0;
    s1 = (s1 + read.call(bytes, at + 4) + s0) >>> 0;
  }
  return [s0, s1];
}

const sumsAt = (bytes: Buffer, at: number): Sums => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
const same = (a: Sums, b: Sums): boolean => a[0] === b[0] && a[1] === b[1];

/** The lowest bit of the magic number tells the order of bytes. */
const readerOf = (magic: number): ((at: number) => number) =>
  magic === MAGIC + 1 ? Buffer.prototype.readUInt32BE : Buffer.prototype.readUInt32LE;

/**
 * A frame is taken when its own checksum is right, given that which the frame before has: SQLite itself reads up to the first damaged one.
 * Frames of an older use of the file have other salts.
 */
export function readLog(readAt: ReadAt, pageSize: number): LogPages {
  const head = readAt(0, HEAD);
  const at = new Map<number, number>();
  const result = { at, count: 0, damaged: 0 };
  if (head === undefined) return result;
  const read = readerOf(head.readUInt32BE(0));
  const salts = sumsAt(head, SALT_AT);
  let [before, bad] = [sumsAt(head, 24), 0];
  let open: [number, number][] = [];
  for (let position = HEAD; ; position += FRAME_HEAD + pageSize) {
    const frame = readAt(position, FRAME_HEAD + pageSize);
    if (frame === undefined) return result;
    const stored = sumsAt(frame, 16);
    const sums = sumsOf(frame.subarray(FRAME_HEAD), sumsOf(frame.subarray(0, 8), before, read), read);
    before = stored;
    if (!same(sumsAt(frame, 8), salts) || !same(sums, stored)) {
      bad++;
      continue;
    }
    open.push([frame.readUInt32BE(0), position + FRAME_HEAD]);
    const count = frame.readUInt32BE(4);
    if (count === 0) continue;
    for (const [page, where] of open) at.set(page, where);
    open = [];
    Object.assign(result, { count, damaged: bad });
  }
}
