/**
 * Room for what must be stored though the disk is full: removals need room too. A file of no use is given up when the disk is full,
 * and made again when there is room; until then new jobs are refused. They are refused earlier when the room left gets less than the file.
 *
 *     whole --the disk is full--> spent        spent --there is room again--> whole
 */
import { randomFillSync } from "node:crypto";
import { rmSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { freeRoom } from "../sqlite/files.ts";
import { fill, isFull } from "./filling.ts";

const MOST = 16 * 1024 * 1024;

/** How often the room left is looked at, milliseconds. */
const LOOK_EVERY = 250;

export class Ballast {
  readonly #file: string;
  readonly #now: () => number;
  /** Bytes of the file; a small disk has a small one. */
  readonly size: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #spent = false;
  #low = false;

  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
    const { blocks, bsize } = statfsSync(dirname(file));
    this.size = Math.floor(Math.min(MOST, (blocks * bsize) / 8));
  }

  /** The file is not there: only what makes room may be stored. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Whether new jobs may be stored. */
  get space(): boolean {
    this.#look();
    return !this.#spent && !this.#low;
  }

  /** The disk is full: gives the file up. */
  spend(): void {
    rmSync(this.#file, { force: true });
    this.#spent = true;
  }

  /** Makes the file if it is not there and there is room for it twice. */
  restore(): void {
    if (this.#isWhole()) this.#spent = false;
    else if (this.#free() < 2 * this.size) this.#spent = true;
    else this.#spent = !this.#write();
  }

  /** Whether so many bytes may be used for what could be done without. */
  isRoomFor(bytes: number): boolean {
    return !this.#spent && this.#free() >= bytes + 2 * this.size;
  }

  #look(): void {
    if (this.#now() - this.#lookedAt < LOOK_EVERY) return;
    this.#lookedAt = this.#now();
    const free = this.#free();
    this.#low = this.#low ? free < 1.25 * this.size : free < this.size;
  }

  /** Bytes that may still be written. */
  #free(): number {
    return freeRoom(dirname(this.#file));
  }

  #isWhole(): boolean {
    return (statSync(this.#file, { throwIfNoEntry: false })?.size ?? -1) >= this.size;
  }

  /** Whether there was room. */
  #write(): boolean {
    try {
      fill(this.#file, "w", this.size, noise());
      return true;
    } catch (error) {
      rmSync(this.#file, { force: true });
      if (isFull(error)) return false;
      throw error;
    }
  }
}

/** Random bytes: some file systems keep no zeros. */
const noise = (): Uint8Array => randomFillSync(Buffer.alloc(64 * 1024));
