import { kindOf, type Sqlite } from "../sqlite/driver.ts";
import { checkpoint } from "../sqlite/jobs-database.ts";

/** For so long nothing must have happened, milliseconds. */
const IDLE = 500;

/** So many free pages stay in the file, for jobs to come. */
const KEEP_PAGES = 1024;

/** So many pages are given back at once; a commit can come in between. */
const SLICE_PAGES = 512;

/** Gives the room of a drained backlog back to the disk, when nothing else is to be done. */
export class Housekeeper {
  readonly #db: Sqlite;
  readonly #failed: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #slice: NodeJS.Immediate | undefined;

  /** @param failed told of errors that the store cannot go on after */
  constructor(db: Sqlite, failed: (error: unknown) => void) {
    this.#db = db;
    this.#failed = failed;
  }

  /** Something has happened. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.#work(), IDLE);
    this.#timer.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#slice);
  }

  #free(): number {
    return Number(this.#db.prepare("PRAGMA freelist_count").get()?.["freelist_count"]);
  }

  #work(): void {
    try {
      this.#giveBack();
    } catch (error) {
      if (kindOf(error) !== "space") this.#failed(error);
    }
  }

  #giveBack(): void {
    const free = this.#free();
    if (free <= KEEP_PAGES) return;
    this.#db.exec(`PRAGMA incremental_vacuum(${Math.min(SLICE_PAGES, free - KEEP_PAGES)})`);
    // A file that gearmand has made keeps its pages: SQLite gives none back of it.
    if (this.#free() === free) return;
    checkpoint(this.#db, "PASSIVE");
    this.#slice = setImmediate(() => this.#work());
  }
}
