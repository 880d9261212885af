/** What an operator wants to know of a queue, and whether all of it is whole. */
import { join } from "node:path";
import { BALLAST, DATABASE } from "../sqlite/directory.ts";
import { type Sqlite, textOf } from "../sqlite/driver.ts";
import { logOf, sizeOf } from "../sqlite/files.ts";
import { NO_NUMBERS, reservedNumbers } from "../sqlite/handle-numbers.ts";
import { SELECT_ROW } from "../sqlite/scan.ts";
import { type JobCount, Tally } from "./tally.ts";
import { emptyProblem, type View } from "./view.ts";

export interface Findings extends Pick<Tally, "jobs" | "total" | "damaged"> {
  readonly sound: boolean;
  readonly format: number;
  readonly jobs: readonly JobCount[];
  /** What is wrong with the file. */
  readonly problems: readonly string[];
  /** Bytes of the files, and of the room in the database that jobs to come will use. */
  readonly bytes: Readonly<Record<"database" | "log" | "free" | "ballast", number>>;
}

/** Lines that SQLite is to say at the most. */
const MOST_PROBLEMS = 100;

const numberOf = (db: Sqlite, pragma: string): number => Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);

/** Yields with each row, and at its end returns what was found. @param now wall time, seconds */
export function* check(directory: string, { db, format }: View, now: number): Generator<void, Findings> {
  const tally = new Tally(now);
  const problems = format === 0 ? [emptyProblem(directory) ?? []].flat() : yield* readAll(db, tally);
  const { jobs, total, damaged } = tally;
  const sound = problems.length === 0 && damaged.length === 0;
  return { sound, format, jobs, total, damaged, problems, bytes: bytesOf(directory, db) };
}

function* readAll(db: Sqlite, tally: Tally): Generator<void, string[]> {
  try {
    for (const found of db.prepare(`${SELECT_ROW} ORDER BY job.id`).iterate()) yield tally.add(found);
    return [...numbersProblem(db), ...integrityProblems(db)];
  } catch (error) {
    return [`after ${tally.rows} rows: ${textOf(error)}`];
  }
}

function integrityProblems(db: Sqlite): string[] {
  const lines = db.prepare(`PRAGMA integrity_check(${MOST_PROBLEMS})`).all();
  return lines.map((line) => String(line["integrity_check"])).filter((line) => line !== "ok");
}

/** Handles would be given twice. */
const numbersProblem = (db: Sqlite): string[] => (reservedNumbers(db) === undefined ? [NO_NUMBERS] : []);

function bytesOf(directory: string, db: Sqlite): Findings["bytes"] {
  const file = join(directory, DATABASE);
  const free = numberOf(db, "freelist_count") * numberOf(db, "page_size");
  return { database: sizeOf(file), log: sizeOf(logOf(file)), free, ballast: sizeOf(join(directory, BALLAST)) };
}
