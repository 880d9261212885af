import { cpSync, existsSync } from "node:fs";
import type { JobRecord } from "../../src/core/job.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { openSqlite, type Value } from "../../src/store/thread/driver.ts";
import { Folder } from "../support/folder.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { aRecord } from "./support.ts";

export const TABLE = "gearman_queue";

/** As gearmand 1.1.20 makes it. */
export const DDL = `CREATE TABLE ${TABLE} ( unique_key TEXT, function_name TEXT, priority INTEGER, data BLOB, when_to_run INTEGER, PRIMARY KEY (unique_key, function_name))`;

/** Bytes of a name, as latin1. */
export const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** A queue of gearmand's, and the store that has it open. */
export class Bench {
  readonly folder: Folder = new Folder();
  file: string = this.folder.file("queue.sqlite");
  table = TABLE;
  store: DurableStore = this.make();
  restored: JobRecord[] = [];
  readonly said: string[] = [];
  #copies = 0;

  /** Returns the names of what is damaged. */
  async open(): Promise<readonly string[]> {
    this.store = this.make();
    this.restored = [];
    return this.store.recover((jobs) => this.restored.push(...jobs));
  }

  /** The next start. In a copy: SQLite's driver for Node 20 holds the lock until the thread is gone, and this one stays. */
  async reopen(): Promise<readonly string[]> {
    await this.store.close();
    this.copy();
    return this.open();
  }

  /** From now on it is about the files as they are now: as if the process had been killed. */
  copy(): void {
    const copy = this.folder.file(`queue-${++this.#copies}.sqlite`);
    for (const suffix of ["", "-wal"]) if (existsSync(this.file + suffix)) cpSync(this.file + suffix, copy + suffix);
    this.file = copy;
  }

  /** Puts a job, and waits until it is stored. */
  async put(changes: Partial<JobRecord>): Promise<JobRecord> {
    const job = aRecord({ handle: `H:${this.store.nextNumber()}`, ...changes });
    this.store.put(job, (error) => this.said.push(error?.kind ?? "stored"));
    await this.store.flush();
    return job;
  }

  /** Somebody else works on the file, which no store has open; rows of the last statement. */
  sql(text: string, ...values: Value[]): Record<string, unknown>[] {
    this.copy();
    const db = openSqlite(this.file);
    try {
      return db.prepare(text).all(...values);
    } finally {
      db.close();
      this.copy();
    }
  }

  /** gearmand writes a row. */
  write(unique: string, fn: string, priority: Value, data: Value, when: Value, id: number | null = null): void {
    this.sql(
      `INSERT INTO ${TABLE} (rowid, unique_key, function_name, priority, data, when_to_run) VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?)`,
      ...[id, bytes(unique), bytes(fn), priority, data, when],
    );
  }

  /** What is the same for a worker. */
  get seen(): string[] {
    return this.restored.map(({ function: fn, unique, workload }) => `${fn}/${unique}/${Buffer.from(workload)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }

  make(): DurableStore {
    return new DurableStore(
      { kind: "table", path: this.file, table: this.table, handlePrefix: "P" },
      "off",
      inlineThread,
    );
  }
}
