import { cpSync, existsSync } from "node:fs";
import type { JobRecord } from "../../src/core/job.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { openSqlite, type Value } from "../../src/store/sqlite/driver.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { Starts } from "./starts.ts";
import { aRecord } from "./support.ts";

export const TABLE = "gearman_queue";

/** What is known of its rows beside them. */
export const ABOUT = `${TABLE}_gearmand_ts`;

/** As gearmand 1.1.20 makes it. */
export const DDL = `CREATE TABLE ${TABLE} ( unique_key TEXT, function_name TEXT, priority INTEGER, data BLOB, when_to_run INTEGER, PRIMARY KEY (unique_key, function_name))`;

/** Bytes of a name, as latin1. */
export const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

/** A queue of gearmand's, and the store that has it open. */
export class Bench extends Starts {
  file: string = this.folder.file("queue.sqlite");
  table = TABLE;
  readonly said: string[] = [];
  #copies = 0;

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

  make(): DurableStore {
    return new DurableStore(
      { kind: "table", path: this.file, table: this.table, handlePrefix: "P" },
      "off",
      inlineThread,
    );
  }
}
