/**
 * Up to which number handles are reserved. One that is lower than it was would have handles given again, so it is kept twice: a single
 * flipped bit lowers but one of the two, and the higher one counts.
 */
import type { Sqlite } from "./driver.ts";

const NAMES: readonly unknown[] = ["numbers", "numbers again"];

/** No server comes so far. */
const HIGHEST = 2 ** 52;

export const NO_NUMBERS = "up to where numbers of handles are reserved is not known";

/** Whether a row of the table tells of it. */
export const isReserved = (name: unknown, value: unknown): value is number =>
  NAMES.includes(name) && Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= HIGHEST;

/** Undefined: it is not known. A damaged integer can be beyond what a number holds: as REAL it is only wrong. */
export function reservedNumbers(db: Sqlite): number | undefined {
  const integers = "SELECT name, CAST(value AS REAL) AS value FROM meta WHERE typeof(value) = 'integer'";
  const found = db.prepare(integers).all();
  const numbers = found.flatMap(({ name, value }) => (isReserved(name, value) ? [value] : []));
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

export const reserveNumbers = (db: Sqlite, upTo: number): unknown =>
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('numbers', ?1), ('numbers again', ?1)").run(upTo);
