/** What the tests of salvage have in common. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openSqlite } from "../../src/store/sqlite/driver.ts";
import { Pages } from "../../src/store/tools/raw-pages.ts";
import { type Salvaged, salvage } from "../../src/store/tools/salvage.ts";
import { aJob, type Queue, resultOf, stateOf } from "./support.ts";

export const PAGE = 4096;
export const FRAME = 24 + PAGE;

type RowState = readonly [id: unknown, record: string, fate: unknown, sum: unknown];

/** The rows in a copy, by SQLite. */
export function rowsIn(directory: string): RowState[] {
  const db = openSqlite(join(directory, "jobs.sqlite"));
  const rows = db.prepare("SELECT id, record, fate, sum FROM job ORDER BY id").all();
  db.close();
  return rows.map(({ id, record, fate, sum }) => [id, Buffer.from(record as Uint8Array).toString("latin1"), fate, sum]);
}

export const numbersIn = (directory: string): unknown =>
  openSqlite(join(directory, "jobs.sqlite")).prepare("SELECT value FROM meta").get()?.["value"];

interface Outcome {
  readonly result: Salvaged;
  readonly rows: readonly RowState[];
  readonly ids: readonly unknown[];
  readonly target: string;
  /** The lines of damaged.jsonl. */
  readonly remarks: readonly Record<string, unknown>[];
}

export function salvaged(queue: Queue, directory: string): Outcome {
  const before = stateOf(directory);
  const target = queue.unused();
  const result = resultOf(salvage(directory, target, 0));
  expect(stateOf(directory)).toEqual(before);
  const remains = join(target, "damaged.jsonl");
  const lines = existsSync(remains) ? readFileSync(remains, "utf8").trimEnd().split("\n") : [];
  const rows = rowsIn(target);
  expect(result.jobs).toBe(rows.length);
  return { result, rows, ids: rows.map(([id]) => id), target, remarks: lines.map((line) => JSON.parse(line)) };
}

export const NOTHING_LOST = { uncertain: 0, damaged: 0, losses: 0, damagedFrames: 0, problems: [] };

export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** Enough for a branch above the leaves, some of it in the log. */
export function fill(queue: Queue, jobs = 400): void {
  queue.put(...range(1, jobs / 2).map((row) => aJob(row, { workload: Buffer.alloc(100, "w") })));
  queue.checkpoint();
  queue.put(...range(jobs / 2 + 1, jobs).map((row) => aJob(row, { workload: Buffer.alloc(100, "w") })));
}

/** In which page, counted from 0, that row is. */
export function leafOf(directory: string, row: number): number {
  const pages = new Pages(directory);
  const handle = `H:here:${row}`;
  const page = range(1, pages.count).findIndex((number) => pages.read(number)?.includes(`${handle}u`));
  pages.close();
  return page;
}
