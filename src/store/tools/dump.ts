import type { Sqlite } from "../sqlite/driver.ts";
import { placeIn } from "../sqlite/fate.ts";
import { SELECT_ROW } from "../sqlite/scan.ts";
import { type JobLine, jobLine } from "./job-line.ts";

/** By place in line. Only numbers are sorted, which SQLite does on disk if need be. */
const IN_ORDER = `SELECT id FROM job ORDER BY ${placeIn("fate", "id")}, id`;

/**
 * All rows, in the order in which a server takes them. Throws when SQLite cannot read on.
 *
 * @param now wall time, seconds
 */
export function* dump(db: Sqlite, now: number): Generator<JobLine> {
  const one = db.prepare(`${SELECT_ROW} WHERE job.id = ?`);
  for (const { id } of db.prepare(IN_ORDER).iterate()) {
    const found = one.get(Number(id)) ?? { id };
    yield jobLine(found, now);
  }
}

/** For a progress bar: 0 if they cannot be counted. */
export function countRows(db: Sqlite): number {
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM job").get()?.["n"]);
  } catch {
    return 0;
  }
}
