import type { Random } from "../model/random.ts";

/** A change of a file that may or may not have reached the disk. */
export type Change =
  | { readonly kind: "data"; readonly at: number; readonly bytes: Buffer; readonly ended: number }
  /** Cut, or grown with zeros. */
  | { readonly kind: "size"; readonly size: number; readonly ended: number }
  /** Never cut. */
  | { readonly kind: "grow"; readonly size: number; readonly ended: number };

/** What becomes of the unsynced. */
export interface Fate {
  /** Changes from this one on never happened. */
  readonly until: number;
  /** Of the last one that did happen, so many bytes are there. */
  readonly torn: number;
  /** Bytes that reach the disk together, or not. */
  readonly piece: number;
  /** Of a piece: all that was written to it has reached the disk. Otherwise some version before. */
  readonly kept: number;
  readonly random: Random;
}

/**
 * A file on a disk that keeps what was synced, and of the rest what chance keeps:
 *
 *     change --sync that began after it and ended--> durable
 */
export class DiskFile {
  #durable: Buffer<ArrayBufferLike> = Buffer.alloc(4096);
  #size = 0;
  #pending: Change[] = [];
  /** Images are made in it: large ones, one after the other. */
  #scratch: Buffer<ArrayBufferLike> = Buffer.alloc(0);

  get pending(): number {
    return this.#pending.length;
  }

  change(change: Change): void {
    this.#pending.push(change);
  }

  /** All that had ended by then is durable. */
  sync(began: number): void {
    const late: Change[] = [];
    for (const change of this.#pending) {
      if (change.ended <= began) this.#apply(change);
      else late.push(change);
    }
    this.#pending = late;
  }

  /** What is there after a power loss; valid until the next question or change. */
  image({ until, torn, piece, kept, random }: Fate): Buffer {
    const changes = this.#pending.slice(0, until);
    if (changes.length === 0) return this.#durable.subarray(0, this.#size);
    const sizes = this.#sizes(changes);
    const image = this.#copy(sizes.reduce((most, size) => Math.max(most, size)));
    const resized = chosen(kept, sizes.length - 1, random);
    const pieces = new Pieces(piece, kept, random);
    let nth = 0;
    for (const [index, change] of changes.entries()) {
      const size = sizes[nth] ?? 0;
      if (sizeAfter(change, size) !== size) nth++;
      if (change.kind === "data") pieces.write(image, change, index === until - 1 ? torn : Number.POSITIVE_INFINITY);
      else if (change.kind === "size" && nth <= resized) image.fill(0, change.size);
    }
    return image.subarray(0, sizes[resized]);
  }

  /** What is durable, with zeros behind it up to that size. */
  #copy(size: number): Buffer {
    if (this.#scratch.length < size) this.#scratch = Buffer.allocUnsafeSlow(size * 2);
    this.#durable.copy(this.#scratch, 0, 0, this.#size);
    return this.#scratch.subarray(0, size).fill(0, this.#size);
  }

  /** The sizes that the file had: what it is synced with, and after each change of it. */
  #sizes(changes: readonly Change[]): number[] {
    const sizes = [this.#size];
    for (const change of changes) {
      const size = sizes.at(-1) ?? 0;
      if (sizeAfter(change, size) !== size) sizes.push(sizeAfter(change, size));
    }
    return sizes;
  }

  #apply(change: Change): void {
    const size = sizeAfter(change, this.#size);
    this.#reserve(size);
    if (size < this.#size) this.#durable.fill(0, size, this.#size);
    if (change.kind === "data") change.bytes.copy(this.#durable, change.at);
    this.#size = size;
  }

  #reserve(size: number): void {
    if (size <= this.#durable.length) return;
    const larger = Buffer.alloc(size * 2);
    this.#durable.copy(larger, 0, 0, this.#size);
    this.#durable = larger;
  }
}

function sizeAfter(change: Change, size: number): number {
  if (change.kind === "size") return change.size;
  return Math.max(size, change.kind === "grow" ? change.size : change.at + change.bytes.length);
}

/** Which of the versions 0 to `last` is there. */
function chosen(kept: number, last: number, random: Random): number {
  return random.chance(kept) ? last : random.below(last + 1);
}

/** Versions of one piece that chance tells apart; later ones count as this many. */
const VERSIONS = 3;

/** Which version of each piece is there: versions reach the disk in order, and each may be the last that does. */
class Pieces {
  readonly #piece: number;
  readonly #kept: number;
  readonly #random: Random;
  /** Of pieces written to: how many more writes reach the disk. */
  readonly #left = new Map<number, number>();

  constructor(piece: number, kept: number, random: Random) {
    this.#piece = piece;
    this.#kept = kept;
    this.#random = random;
  }

  write(image: Buffer, { at, bytes }: Extract<Change, { kind: "data" }>, most: number): void {
    const end = at + Math.min(bytes.length, most);
    for (let from = at; from < end; ) {
      const nth = Math.floor(from / this.#piece);
      const to = Math.min((nth + 1) * this.#piece, end);
      if (this.#reaches(nth)) bytes.copy(image, from, from - at, to - at);
      from = to;
    }
  }

  #reaches(nth: number): boolean {
    const left = this.#left.get(nth) ?? this.#draw();
    this.#left.set(nth, left - 1);
    return left > 0;
  }

  #draw(): number {
    return this.#random.chance(this.#kept) ? Number.POSITIVE_INFINITY : this.#random.below(VERSIONS);
  }
}
