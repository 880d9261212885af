/**
 * One batch after the other, each in one commit.
 *
 *     normal --the disk is full--> in need: the reserve is given up; only what makes room is stored, in small commits
 *     in need --the reserve is whole again--> normal
 */

import type { Batch, Committed } from "../messages.ts";
import { unpackRows } from "../rows.ts";
import { kindOf, type Sqlite } from "./driver.ts";
import { checkpoint, inTransaction } from "./jobs-database.ts";
import type { Reserve } from "./reserve.ts";
import type { JobTable } from "./table.ts";

/** What a changed row costs in the log at the most, bytes: its page. */
const PAGE = 4096;

/** Rows removed by one commit while the disk is full. */
const FEW = 64;

export class Committer {
  readonly #db: Sqlite;
  readonly #table: JobTable;
  readonly #reserve: Reserve;
  /** Bytes written to the log since it was last copied into the database; guessed, rather too many. */
  #logged = 0;

  constructor(db: Sqlite, table: JobTable, reserve: Reserve) {
    this.#db = db;
    this.#table = table;
    this.#reserve = reserve;
  }

  /** Throws what the store cannot go on after. */
  commit(batch: Batch): Committed {
    if (this.#reserve.spent) return this.#commitInNeed(batch);
    try {
      const refused = inTransaction(this.#db, () => this.#store(batch));
      return this.#committed(refused, true);
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      return this.#commitInNeed(batch);
    }
  }

  /** To be called after a commit was told: copies the log into the database when it has grown. */
  tidy(): void {
    if (this.#logged < this.#reserve.size) return;
    try {
      checkpoint(this.#db, "PASSIVE");
      this.#logged = 0;
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      this.#reserve.spend();
    }
  }

  #store({ rows, moves, removals, reserve }: Batch): number[] {
    // First, so that a job which takes the unique of one that is over finds it free.
    this.#table.remove(removals);
    const refused = this.#table.insert(unpackRows(rows));
    for (const move of moves) this.#table.move(move);
    if (reserve > 0) this.#table.reserve(reserve);
    this.#logged += rows.byteLength + (moves.length + removals.length + 2) * PAGE;
    return refused;
  }

  /** Refuses new rows, stores the rest, and then tries to get the reserve back. */
  #commitInNeed(batch: Batch): Committed {
    this.#reserve.spend();
    const changed = this.#madeRoom(batch);
    if (changed) this.#reserve.restore();
    return this.#committed("all", changed);
  }

  #committed(refused: Committed["refused"], changed: boolean): Committed {
    return { tell: "committed", refused, changed, space: this.#reserve.space };
  }

  /** False: there is no room even for that. It may be asked for again. */
  #madeRoom({ moves, removals, reserve }: Batch): boolean {
    try {
      checkpoint(this.#db, "TRUNCATE");
      this.#storeFew({ rows: new Uint8Array(), moves, removals: [], reserve });
      for (let at = 0; at < removals.length; at += FEW)
        this.#storeFew({ rows: new Uint8Array(), moves: [], removals: removals.slice(at, at + FEW), reserve: 0 });
      return true;
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      return false;
    }
  }

  #storeFew(batch: Batch): void {
    if (batch.moves.length + batch.removals.length + batch.reserve === 0) return;
    inTransaction(this.#db, () => this.#store(batch));
    checkpoint(this.#db, "TRUNCATE");
    this.#logged = 0;
  }
}
