/** The pages of a database as they are in its files, without SQLite: nothing is written, and damage to one page is no matter for another. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { DATABASE } from "../sqlite/directory.ts";
import { logOf } from "../sqlite/files.ts";
import { type LogPages, readLog } from "./raw-log.ts";

const HEAD = 100;

/** The first page begins with the head of the file. https://www.sqlite.org/fileformat2.html#the_database_header */
export const beginningOf = (page: number): number => (page === 1 ? HEAD : 0);

export class Pages {
  /** Ours all have it, whatever a damaged head says. */
  readonly size = 4096;
  /** Pages from 1 to this. */
  readonly count: number;
  /** Parts of the log that are damaged. */
  readonly damagedFrames: number;
  readonly #file: number;
  readonly #logFile: number | undefined;
  readonly #log: LogPages;

  /** Throws the system's error when the database is not there. */
  constructor(directory: string) {
    this.#file = openSync(join(directory, DATABASE), "r");
    this.#logFile = openIfThere(logOf(join(directory, DATABASE)));
    this.#log = readLog((position, length) => readPiece(this.#logFile, position, length), this.size);
    this.damagedFrames = this.#log.damaged;
    this.count = this.#log.count || Math.ceil(fstatSync(this.#file).size / this.size);
  }

  /** Undefined: it cannot be read. */
  read(page: number): Buffer | undefined {
    const logged = this.#log.at.get(page);
    if (logged !== undefined) return readPiece(this.#logFile, logged, this.size);
    return readPiece(this.#file, (page - 1) * this.size, this.size);
  }

  close(): void {
    closeSync(this.#file);
    if (this.#logFile !== undefined) closeSync(this.#logFile);
  }
}

const openIfThere = (path: string): number | undefined => (existsSync(path) ? openSync(path, "r") : undefined);

/** Undefined: the disk cannot read it, or the file ends before. */
function readPiece(file: number | undefined, position: number, length: number): Buffer | undefined {
  const piece = Buffer.alloc(length);
  try {
    return file !== undefined && readSync(file, piece, 0, length, position) === length ? piece : undefined;
  } catch {
    return undefined;
  }
}
