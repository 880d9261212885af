/** A queue that is made from what was salvaged. It has its name, and so can be used, only when it is whole and on the disk. */
import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { DATABASE, makeDirectory } from "../sqlite/directory.ts";
import { openSqlite, type Sqlite, type Statement, textOf, type Value } from "../sqlite/driver.ts";
import { placeIn } from "../sqlite/fate.ts";
import { sync } from "../sqlite/files.ts";
import { reserveNumbers } from "../sqlite/handle-numbers.ts";
import { migrate } from "../sqlite/schema.ts";
import { StoreError } from "../store-error.ts";
import { printedLine } from "./job-line.ts";

/** What could not be copied, or is not certain. */
export const REMAINS = "damaged.jsonl";

/** A row may be found twice, from before and after a change: each change gives it a place further back. */
const INSERT = `INSERT INTO job (id, record, fate, sum) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
  SET record = excluded.record, fate = excluded.fate, sum = excluded.sum
  WHERE ${placeIn("excluded.fate", "0")} > ${placeIn("job.fate", "0")}`;

export class NewQueue {
  readonly #directory: string;
  readonly #part: string;
  readonly #db: Sqlite;
  readonly #insert: Statement;
  readonly #remains: number;
  #remarks = 0;
  #finished = false;

  /** The directory must be empty, or not there. */
  constructor(directory: string) {
    makeEmpty(directory);
    this.#directory = directory;
    this.#part = join(directory, `${DATABASE}.part`);
    this.#remains = openSync(join(directory, REMAINS), "w", 0o600);
    closeSync(openSync(this.#part, "w", 0o600));
    this.#db = openSqlite(this.#part);
    // Nothing of it is worth keeping before it is whole.
    this.#db.exec("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; BEGIN");
    migrate(this.#db);
    this.#insert = this.#db.prepare(INSERT);
  }

  put(...row: readonly [id: Value, record: Value, fate: Value, sum: Value]): void {
    this.#insert.run(...row);
  }

  remark(value: unknown): void {
    this.#remarks++;
    writeSync(this.#remains, printedLine(value));
  }

  /** Returns how many jobs are in it. @param numbers up to which number handles are reserved */
  finish(numbers: number): number {
    reserveNumbers(this.#db, numbers);
    const jobs = Number(this.#db.prepare("SELECT count(*) AS n FROM job").get()?.["n"]);
    this.#db.exec("COMMIT");
    sync(this.#part);
    renameSync(this.#part, join(this.#directory, DATABASE));
    if (this.#remarks === 0) rmSync(join(this.#directory, REMAINS));
    sync(this.#directory);
    this.#finished = true;
    return jobs;
  }

  /** Leaves an empty directory behind if it is not finished. */
  close(): void {
    this.#db.close();
    closeSync(this.#remains);
    if (this.#finished) return;
    for (const name of readdirSync(this.#directory)) rmSync(join(this.#directory, name));
  }
}

function makeEmpty(directory: string): void {
  try {
    makeDirectory(resolve(directory));
  } catch (error) {
    throw new StoreError("open", `${directory} cannot be made: ${textOf(error)}`, error);
  }
  if (readdirSync(directory).length > 0)
    throw new StoreError("open", `${directory} is not empty: name a directory that is, or that does not exist`);
}

/** Throws a StoreError if one path is, or is in, the other. */
export function refuseWithin(directory: string, target: string): void {
  const [outer, inner] = [resolve(directory) + sep, resolve(target) + sep];
  if (inner.startsWith(outer))
    throw new StoreError("open", `${target} is in ${directory}, which stays as it is: name another directory`);
}
