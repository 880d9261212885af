/** The write-ahead log beside a database, read past damage. https://www.sqlite.org/fileformat2.html#the_write_ahead_log */

const HEAD = 32;
const FRAME_HEAD = 24;
const MAGIC = 0x377f0682;
const SALT_AT = 16;
const SUM_AT = 24;
const FRAME_SALT_AT = 8;
const FRAME_SUM_AT = 16;

/** The newest committed version of pages. */
export interface LogPages {
  /** Where in the log each page is. */
  readonly at: ReadonlyMap<number, number>;
  /** Pages of the database after the last commit; 0: there was none. */
  readonly count: number;
  /** Frames that are damaged, and the head if it is. */
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

/** What all frames have that belong to this use of the file; the head may be damaged, and then the first of them tells. */
function saltsOf(head: Buffer, whole: boolean, first: Buffer | undefined): Sums {
  return whole || first === undefined ? sumsAt(head, SALT_AT) : sumsAt(first, FRAME_SALT_AT);
}

/**
 * A frame is taken when its own checksum is right, given that which the frame before has: SQLite itself reads up to the first damaged one.
 * Frames of an older use of the file have other salts.
 */
export function readLog(readAt: ReadAt, pageSize: number): LogPages {
  const head = readAt(0, HEAD);
  const at = new Map<number, number>();
  if (head === undefined) return { at, count: 0, damaged: 0 };
  const read = readerOf(head.readUInt32BE(0));
  const whole = same(sumsOf(head.subarray(0, SUM_AT), [0, 0], read), sumsAt(head, SUM_AT));
  const salts = saltsOf(head, whole, readAt(HEAD, FRAME_HEAD));
  // Of what is not whole: frames before the last commit, and such behind it that are of this use of the file.
  let [count, damaged, other, torn] = [0, whole ? 0 : 1, 0, 0];
  let before = sumsAt(head, SUM_AT);
  let open: [number, number][] = [];
  for (let position = HEAD; ; position += FRAME_HEAD + pageSize) {
    const frame = readAt(position, FRAME_HEAD + pageSize);
    if (frame === undefined) return { at, count, damaged: damaged + torn };
    const stored = sumsAt(frame, FRAME_SUM_AT);
    const sums = sumsOf(frame.subarray(FRAME_HEAD), sumsOf(frame.subarray(0, FRAME_SALT_AT), before, read), read);
    before = stored;
    const current = same(sumsAt(frame, FRAME_SALT_AT), salts);
    if (!current) other++;
    else if (!same(sums, stored)) torn++;
    else {
      open.push([frame.readUInt32BE(0), position + FRAME_HEAD]);
      const pages = frame.readUInt32BE(4);
      if (pages === 0) continue;
      for (const [page, where] of open) at.set(page, where);
      open = [];
      count = pages;
      damaged += other + torn;
      other = torn = 0;
    }
  }
}
