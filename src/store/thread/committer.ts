/**
 * One batch after the other, each in one commit.
 *
 *     normal --the disk is full--> in need: the ballast is given up; only what makes room is stored, in small commits
 *     in need --the ballast is there again--> normal
 */
import type { StoredDurability } from "../durability.ts";
import type { Batch, Committed } from "../messages.ts";
import { unpackRows } from "../rows.ts";
import { kindOf, type Sqlite } from "../sqlite/driver.ts";
import { checkpoint, inTransaction, PAGE, setDurability } from "../sqlite/jobs-database.ts";
import type { Ballast } from "./ballast.ts";
import type { Opening } from "./opening.ts";
import type { Presence } from "./presence.ts";
import type { JobTable } from "./table.ts";

/** Rows changed by one commit while the disk is full. */
const FEW = 64;

const NOTHING: Batch = { rows: new Uint8Array(), moves: [], removals: [], reserve: 0 };

export class Committer {
  readonly #db: Sqlite;
  readonly #table: JobTable;
  readonly #ballast: Ballast;
  readonly #presence: Presence;
  readonly #durability: StoredDurability;
  /** Bytes written to the log since it was last copied into the database: a guess, rather too many. */
  #logged = 0;

  constructor({ db, table, ballast, presence, durability }: Omit<Opening, "reserved">) {
    this.#db = db;
    this.#table = table;
    this.#ballast = ballast;
    this.#presence = presence;
    this.#durability = durability;
  }

  /** Throws what the store cannot go on after. */
  commit(batch: Batch): Committed {
    if (this.#ballast.spent) return this.#commitInNeed(batch);
    try {
      return this.#committed(this.#commitWhole(batch), true);
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      return this.#commitInNeed(batch);
    }
  }

  /** To be called after a commit was told: copies the log into the database when it has grown. */
  tidy(): void {
    if (this.#logged < this.#ballast.size) return;
    try {
      checkpoint(this.#db, "PASSIVE");
      this.#logged = 0;
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      this.#ballast.spend();
    }
  }

  /** Returns the rows that could not be stored though the others are. */
  #commitWhole(batch: Batch): number[] {
    if (batch.reserve === 0 || this.#durability === "full") return inTransaction(this.#db, () => this.#store(batch));
    // Numbers that were reserved must not be given again, whatever else a power cut takes.
    setDurability(this.#db, "full");
    try {
      return inTransaction(this.#db, () => this.#store(batch));
    } finally {
      setDurability(this.#db, this.#durability);
    }
  }

  #store({ rows, moves, removals, reserve }: Batch): number[] {
    const added = unpackRows(rows);
    // First, so that a job which takes the unique of one that is over finds it free.
    this.#table.remove(removals);
    const refused = this.#table.insert(added);
    for (const move of moves) this.#table.move(move);
    if (reserve > 0) this.#table.reserve(reserve);
    const touched = (this.#table.pagesPerRow - 1) * added.length + this.#table.pagesPerRow * removals.length;
    this.#logged += rows.byteLength + (touched + 2 * moves.length + 2) * PAGE;
    return refused;
  }

  /** Refuses new rows, stores the rest, and then tries to get the ballast back. */
  #commitInNeed(batch: Batch): Committed {
    this.#ballast.spend();
    const changed = this.#madeRoom(batch);
    if (changed) this.#ballast.restore();
    return this.#committed("all", changed);
  }

  #committed(refused: Committed["refused"], changed: boolean): Committed {
    this.#presence.check();
    return { tell: "committed", refused, changed, space: this.#ballast.space };
  }

  /** False: there is no room even for that. It may be asked for again: what was stored of it is stored. */
  #madeRoom(batch: Batch): boolean {
    try {
      this.#emptyLog();
      for (const piece of piecesOf(batch)) {
        this.#commitWhole(piece);
        this.#emptyLog();
      }
      return true;
    } catch (error) {
      if (kindOf(error) !== "space") throw error;
      return false;
    }
  }

  #emptyLog(): void {
    checkpoint(this.#db, "TRUNCATE");
    this.#logged = 0;
  }
}

/** What makes room comes first: the rest may need it. */
function* piecesOf({ moves, removals, reserve }: Batch): Generator<Batch> {
  for (let at = 0; at < removals.length; at += FEW) yield { ...NOTHING, removals: removals.slice(at, at + FEW) };
  for (let at = 0; at < moves.length; at += FEW) yield { ...NOTHING, moves: moves.slice(at, at + FEW) };
  yield { ...NOTHING, reserve };
}
