/** gearmand's SQLite queue, read while no server uses it. Nothing is written to it but the removal that is asked for. */
import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import type { JobSpecRecord } from "../../core/job.ts";
import { refuseDirectory } from "../gearmand/file.ts";
import { holderOf } from "../gearmand/holders.ts";
import { type Finder, finderOf, knownRow, originOf, type Pair, selectPairs, strangerOf } from "../gearmand/rows.ts";
import { columnsOf, namesOf, quoted } from "../gearmand/schema.ts";
import { readRecord } from "../record.ts";
import { openSqlite, type Sqlite, textOf } from "../sqlite/driver.ts";
import { placeIn } from "../sqlite/fate.ts";
import { logOf } from "../sqlite/files.ts";
import { openError } from "../sqlite/open-error.ts";
import { StoreError } from "../store-error.ts";

/** A row, and what it holds. */
export interface QueueRow {
  readonly id: number;
  /** Undefined: it is damaged, or can be no job. The handle is empty if gearmand has written the row. */
  readonly job: JobSpecRecord | undefined;
  readonly retries: number;
}

/** By place in line, which a row that we know of may have lost to others. */
const IN_ORDER = `SELECT CAST(q.rowid AS REAL) AS id FROM queue AS q LEFT JOIN about AS a ON a.id = q.rowid
  ORDER BY ${placeIn("a.fate", "q.rowid")}, q.rowid`;

const VIEWS = { plain: "", queue: "queue", about: "about", dead: "", meta: "" };

export class GearmandQueue {
  readonly #db: Sqlite;
  readonly #table: string;
  readonly #hasAbout: boolean;

  /** @param change whether rows are to be removed. Throws a StoreError that says what to do. */
  constructor(file: string, table: string, change: boolean) {
    this.#table = table;
    let db: Sqlite | undefined;
    try {
      db = openAlone(file);
      this.#db = db;
      db.exec(`PRAGMA temp_store=MEMORY; BEGIN ${change ? "IMMEDIATE" : "DEFERRED"}`);
      refuseDirectory(db, file);
      this.#hasAbout = this.#prepare();
    } catch (error) {
      db?.close();
      throw new StoreError("open", `Could not open the queue ${file}: ${why(error, file)}`, error);
    }
  }

  /** Their ids, in the order in which the jobs are to run. */
  ids(): number[] {
    return this.#db
      .prepare(IN_ORDER)
      .all()
      .map(({ id }) => Number(id));
  }

  /** Jobs that are kept though their retries are spent. */
  get dead(): number {
    const { dead } = namesOf(this.#table);
    return this.#hasAbout ? Number(this.#db.prepare(`SELECT count(*) AS n FROM ${dead}`).get()?.["n"]) : 0;
  }

  *rows(ids: Iterable<number>): Generator<QueueRow> {
    const row = this.#db.prepare(`${selectPairs(VIEWS)} WHERE q.rowid = ?`);
    const find = finderOf(this.#db, quoted(this.#table));
    for (const id of ids) yield rowOf(id, row.get(id), find);
  }

  /** Removes the rows, for good. */
  remove(ids: Iterable<number>): void {
    const remove = this.#db.prepare(`DELETE FROM ${quoted(this.#table)} WHERE rowid = ?`);
    for (const id of ids) remove.run(id);
    this.#db.exec("COMMIT");
  }

  close(): void {
    this.#db.close();
  }

  /** One shape for tables of every age; whether gearmand-ts has used this one. */
  #prepare(): boolean {
    const names = namesOf(this.#table);
    const columns = columnsOf(this.#db, names);
    const when = columns.includes("when_to_run") ? "when_to_run" : "0 AS when_to_run";
    this.#db.exec(
      `CREATE TEMP VIEW queue AS SELECT rowid AS rowid, unique_key, function_name, priority, data, ${when} FROM main.${names.queue}`,
    );
    const hasAbout = this.#db.prepare(`PRAGMA table_info(${names.about})`).all().length > 0;
    const nothing = "SELECT NULL AS id, NULL AS record, NULL AS fate, NULL AS sum WHERE false";
    this.#db.exec(`CREATE TEMP VIEW about AS ${hasAbout ? `SELECT * FROM main.${names.about}` : nothing}`);
    return hasAbout;
  }
}

/** SQLite keeps an index beside a file that has, or may get, a log: it cannot read one on a medium for reading. */
function why(error: unknown, file: string): string {
  if (error instanceof StoreError || isWritable(dirname(file))) return openError(error, "table").message;
  const copy = `copy the file, and ${logOf(file)} if there is one, to a directory where you may write, and import that copy`;
  return `${textOf(error)}: its directory cannot be written to: ${copy}`;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function openAlone(file: string): Sqlite {
  if (!existsSync(file)) throw new StoreError("open", "there is no such file: name gearmand's with --libsqlite3-db");
  const holder = holderOf(file);
  if (holder !== undefined) throw new StoreError("open", `${holder} has it open: stop that one first`);
  return openSqlite(file);
}

/** @param pair undefined: the id is beyond what a number holds */
function rowOf(id: number, pair: Pair | undefined, find: Finder): QueueRow {
  if (pair !== undefined && originOf(pair, find) === "strange") return { id, job: strangerOf(pair, ""), retries: 0 };
  const known = pair === undefined ? undefined : knownRow(pair);
  if (known === undefined) return { id, job: undefined, retries: 0 };
  return { id, job: readRecord(known.record), retries: known.retries };
}
