import { randomBytes } from "node:crypto";
import type { JobSpecRecord } from "../../core/job.ts";
import { asBuffer } from "../../lib/bytes.ts";
import type { Batch, Move } from "../messages.ts";
import { readRecord, recordSize, writeRecord } from "../record.ts";
import type { Row } from "../rows.ts";
import { checksum } from "../sqlite/checksum.ts";
import { kindOf, type Sqlite, type Statement } from "../sqlite/driver.ts";
import { type FateText, newFate, writeFate } from "../sqlite/fate.ts";
import { inOrder } from "../sqlite/in-order.ts";
import { HIGHEST } from "../sqlite/scan.ts";
import { StoreError } from "../store-error.ts";
import type { Inventory, JobTable } from "../thread/table.ts";
import { fits, keyOf, reservedKey } from "./keys.ts";
import {
  finderOf,
  idOf,
  isNewer,
  keyText,
  knownRow,
  originOf,
  type Pair,
  selectNames,
  selectPairs,
  strangerOf,
} from "./rows.ts";
import type { TableNames } from "./schema.ts";

/** The jobs of a table of gearmand's. A job's row number is the id of its row there. */
export class GearmandTable implements JobTable {
  /** Its index by unique has rows anywhere, and so may the tables beside it. */
  readonly pagesPerRow = 4;
  readonly #db: Sqlite;
  readonly #names: TableNames;
  /** Keys that we make up differ from those of earlier starts. */
  readonly #start = randomBytes(4).toString("hex");
  readonly #find: Statement;
  readonly #insert: Statement;
  readonly #repair: Statement;
  readonly #know: Statement;
  readonly #move: Statement;
  readonly #bury: Statement;
  readonly #remove: Statement;
  readonly #forget: Statement;
  readonly #reserved: Statement;
  readonly #reserve: Statement;

  constructor(db: Sqlite, names: TableNames) {
    const { queue, about, dead, meta } = names;
    this.#db = db;
    this.#names = names;
    this.#find = db.prepare(`${selectPairs(names)} WHERE q.rowid = ?`);
    // A driver may bind no bytes as NULL, and a number as REAL, which gearmand would not read.
    this.#insert = db.prepare(
      `INSERT INTO ${queue} (rowid, unique_key, function_name, priority, data, when_to_run)
       VALUES (?, CAST(? AS TEXT), coalesce(CAST(? AS TEXT), ''), ?, coalesce(?, x''), CAST(? AS INTEGER))`,
    );
    this.#repair = db.prepare(
      `UPDATE ${queue} SET unique_key = coalesce(CAST(? AS TEXT), ''), when_to_run = CAST(? AS INTEGER) WHERE rowid = ?`,
    );
    this.#know = db.prepare(`INSERT OR REPLACE INTO ${about} (id, record, fate, sum) VALUES (?, ?, ?, ?)`);
    this.#move = db.prepare(`UPDATE ${about} SET fate = ?, sum = ? WHERE id = ?`);
    this.#bury = db.prepare(`INSERT INTO ${dead} (record, fate, sum) VALUES (?, ?, ?)`);
    this.#remove = db.prepare(`DELETE FROM ${queue} WHERE rowid = ?`);
    this.#forget = db.prepare(`DELETE FROM ${about} WHERE id = ?`);
    this.#reserved = db.prepare(`SELECT value FROM ${meta} WHERE name = 'numbers'`);
    this.#reserve = db.prepare(`UPDATE ${meta} SET value = ? WHERE name = 'numbers'`);
  }

  /**
   * Makes jobs of ours of the rows that gearmand has written, with handles from the number after that one; returns the last number.
   * To be called before they are loaded. Throws a StoreError if there are jobs that a newer version has stored.
   */
  adopt(handlePrefix: string, after: number): number {
    let number = after;
    for (const id of this.#strangers()) {
      const pair = this.#find.get(id) as Pair;
      const job = strangerOf(pair, `${handlePrefix}:${number + 1}`);
      this.#forget.run(id);
      if (job === undefined) continue;
      number++;
      this.#mend(pair, job);
      this.#learn(id, null, job, recordOf(job));
    }
    return number;
  }

  load(send: (rows: readonly Row[]) => void): Inventory {
    const damaged: string[] = [];
    let lastRow = 0;
    const { plain } = this.#names;
    const judged = function* (pairs: Iterable<Pair>): Generator<Row> {
      for (const pair of pairs) {
        const row = knownRow(pair);
        const id = idOf(pair);
        if (row === undefined) damaged.push(`row ${id} of ${plain}`);
        else yield row;
        if (id < HIGHEST) lastRow = Math.max(lastRow, id, row?.place ?? 0);
      }
    };
    inOrder(judged(this.#db.prepare(`${selectPairs(this.#names)} ORDER BY q.rowid`).iterate()), send);
    const { n } = this.#db.prepare(`SELECT count(*) AS n FROM ${this.#names.dead}`).get() as { n: number };
    return { lastRow, dead: n, damaged };
  }

  insert(rows: readonly Row[]): number[] {
    return rows.filter((row) => !this.#inserted(row)).map(({ row }) => row);
  }

  move({ row, place, retries, dead }: Move): void {
    const pair = this.#find.get(row);
    const known = pair === undefined ? undefined : knownRow(pair);
    // A row that has been damaged meanwhile keeps its wrong checksum.
    if (known === undefined) return;
    const fate = writeFate({ place, retries, dead: false });
    if (!dead) return void this.#move.run(fate, checksum(row, fate, known.record), row);
    this.#bury.run(known.record, fate, checksum(0, fate, known.record));
    this.remove([row]);
  }

  remove(rows: Batch["removals"]): void {
    for (const row of rows) {
      this.#remove.run(row);
      this.#forget.run(row);
    }
  }

  reserved(): number {
    return Number(this.#reserved.get()?.["value"]);
  }

  reserve(upTo: number): void {
    this.#reserve.run(upTo);
  }

  /** A key of ours may name another row, after a dump; and an epoch may be none. */
  #mend(pair: Pair, { unique, epoch }: JobSpecRecord): void {
    const id = idOf(pair);
    const key = keyText(pair);
    const right = fits(key, unique, id) ? key : keyOf(unique, this.#start, id);
    if (right !== key || epoch !== pair["epoch"]) this.#repair.run(asBuffer(right), epoch, id);
  }

  #strangers(): number[] {
    const strangers: number[] = [];
    const find = finderOf(this.#db, this.#names.queue);
    for (const pair of this.#db.prepare(selectNames(this.#names)).iterate()) {
      const origin = originOf(pair, find);
      if (origin === "strange") strangers.push(idOf(pair));
      if (origin === "damaged") this.#refuseNewer(idOf(pair));
    }
    return strangers;
  }

  #refuseNewer(id: number): void {
    const pair = this.#find.get(id);
    if (pair !== undefined && isNewer(pair))
      throw new StoreError("open", "it has jobs of a newer gearmand-ts in it: use that one, or another file");
  }

  /** The row that has the key may be one that this very commit removes: the job then stands under a key of ours. */
  #inserted({ row, retries, record }: Row): boolean {
    const job = readRecord(record);
    const keys = [keyOf(job.unique, this.#start, row), reservedKey("name", this.#start, row)];
    if (!keys.some((key) => this.#insertedAs(key, row, job))) return false;
    this.#learn(row, newFate(row, retries), job, record);
    return true;
  }

  #insertedAs(key: string, row: number, { function: fn, priority, workload, epoch }: JobSpecRecord): boolean {
    try {
      this.#insert.run(row, asBuffer(key), asBuffer(fn), priority, asBuffer(workload), epoch);
      return true;
    } catch (error) {
      if (kindOf(error) !== "row") throw error;
      return false;
    }
  }

  #learn(row: number, fate: FateText, { workload }: JobSpecRecord, record: Buffer): void {
    const head = record.subarray(0, record.length - workload.length);
    this.#know.run(row, head, fate, checksum(row, fate, record));
  }
}

function recordOf(job: JobSpecRecord): Buffer {
  const record = Buffer.alloc(recordSize(job));
  writeRecord(job, record, 0);
  return record;
}
