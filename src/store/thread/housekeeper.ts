import { kindOf, type Sqlite } from "../sqlite/driver.ts";
import { checkpoint, PAGE } from "../sqlite/jobs-database.ts";
import type { Ballast } from "./ballast.ts";
import type { Opening } from "./opening.ts";

/** For so long nothing must have happened, milliseconds. */
const IDLE = 500;

/** So many free pages stay in the file, for jobs to come; none while those are refused, as the disk has little room. */
const KEEP_PAGES = 1024;

/** So many pages are given back at once, and a commit can come in between; fewer on a disk without the room that even this takes in the log. */
const MOST_PAGES = 512;
const LEAST_PAGES = 8;

/**
 * Gives the room of a drained backlog back to the disk, when nothing else is to be done. On a disk without a byte of room the ballast is
 * given up for that, if more is to be had.
 */
export class Housekeeper {
  readonly #db: Sqlite;
  readonly #ballast: Ballast;
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;
  #pages = MOST_PAGES;
  /** Pages that could be given back when that was last tried. */
  #spare = 0;

  /** @param failed told of errors that the store cannot go on after */
  constructor({ db, ballast }: Pick<Opening, "db" | "ballast">, failed: (error: unknown) => void) {
    this.#db = db;
    this.#ballast = ballast;
    this.#failed = failed;
  }

  /** Something has happened. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.#work(), IDLE);
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
  }

  #free(): number {
    return Number(this.#db.prepare("PRAGMA freelist_count").get()?.["freelist_count"]);
  }

  #work(): void {
    try {
      this.#giveBack();
    } catch (error) {
      this.#failed(error);
    }
  }

  #giveBack(): void {
    try {
      if (this.#gaveBack()) this.#goOn(this.#pages * 2);
      else if (this.#ballast.spent) this.#ballast.restore();
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      this.#goOnWithLess();
    }
  }

  #goOnWithLess(): void {
    if (this.#pages > LEAST_PAGES) return this.#goOn(this.#pages / 4);
    if (this.#ballast.spent || this.#spare * PAGE < this.#ballast.size) return;
    this.#ballast.spend();
    this.#goOn(this.#pages);
  }

  #goOn(pages: number): void {
    this.#pages = Math.min(MOST_PAGES, pages);
    this.#next = setImmediate(() => this.#work());
  }

  /** Gives a piece back. False: there is no more. */
  #gaveBack(): boolean {
    const free = this.#free();
    const keep = this.#ballast.space ? KEEP_PAGES : 0;
    this.#spare = free - keep;
    if (this.#spare <= 0) return false;
    // The log makes room first: it may be what fills the disk.
    if (this.#pages < MOST_PAGES) checkpoint(this.#db, "TRUNCATE");
    this.#db.exec(`PRAGMA incremental_vacuum(${Math.min(this.#pages, this.#spare)})`);
    // A file that gearmand has made keeps its pages: SQLite gives none back of it.
    if (this.#free() === free) return false;
    checkpoint(this.#db, "PASSIVE");
    return true;
  }
}
