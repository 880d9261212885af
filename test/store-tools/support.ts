import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { JobRecord } from "../../src/core/job.ts";
import { recordSize, writeRecord } from "../../src/store/record.ts";
import type { Row } from "../../src/store/rows.ts";
import { inTransaction } from "../../src/store/sqlite/jobs-database.ts";
import { type Opening, openPlace } from "../../src/store/thread/opening.ts";
import { Folder } from "../support/folder.ts";

const FILES = ["jobs.sqlite", "jobs.sqlite-wal"];

export const aJob = (number: number, changes: Partial<JobRecord> = {}): JobRecord => ({
  handle: `H:here:${number}`,
  function: "resize",
  unique: `u${number}`,
  reducer: "",
  priority: 1,
  epoch: 0,
  workload: Buffer.from(`workload ${number}`),
  retries: 0,
  row: number,
  ...changes,
});

export function rowOf(job: JobRecord): Row {
  const record = Buffer.alloc(recordSize(job));
  writeRecord(job, record, 0);
  return { row: job.row, place: job.row, retries: job.retries, record };
}

/** A data directory that its server has open, and copies of it as a crash would leave it. Use with `await using`. */
export class Queue {
  readonly #folder = new Folder();
  readonly #opening: Opening;
  #copies = 0;

  constructor() {
    mkdirSync(this.path);
    this.#opening = openPlace({ kind: "directory", path: this.path }, "off");
  }

  get path(): string {
    return this.#folder.file("open");
  }

  get opening(): Opening {
    return this.#opening;
  }

  /** One commit. */
  put(...jobs: readonly JobRecord[]): void {
    inTransaction(this.#opening.db, () => this.#opening.table.insert(jobs.map(rowOf)));
  }

  remove(...rows: readonly number[]): void {
    inTransaction(this.#opening.db, () => this.#opening.table.remove(rows));
  }

  move(row: number, place: number, retries: number, dead = false): void {
    inTransaction(this.#opening.db, () => this.#opening.table.move({ row, place, retries, dead }));
  }

  exec(sql: string): void {
    this.#opening.db.exec(sql);
  }

  checkpoint(): void {
    this.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

  /** The path of a copy that nobody uses. */
  copy(): string {
    return this.copyOf(this.path);
  }

  copyOf(directory: string): string {
    const target = this.unused();
    mkdirSync(target);
    for (const name of FILES) {
      if (existsSync(join(directory, name))) copyFileSync(join(directory, name), join(target, name));
    }
    return target;
  }

  /** A path where nothing is. */
  unused(): string {
    return this.#folder.file(`copy${++this.#copies}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#opening.db.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Damages a copy. */
export function overwrite(directory: string, position: number, bytes: Uint8Array, name = "jobs.sqlite"): void {
  const file = openSync(join(directory, name), "r+");
  writeSync(file, bytes, 0, bytes.length, position);
  closeSync(file);
}

/** All that can be seen of a directory: names, bytes, times. */
export const stateOf = (directory: string): readonly unknown[] =>
  readdirSync(directory).map((name) => {
    const path = join(directory, name);
    const { mtimeNs, ino } = statSync(path, { bigint: true });
    return [name, ino, mtimeNs, readFileSync(path).toString("latin1")];
  });

/** What work that comes in steps returns. */
export function resultOf<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
