import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { openSqlite, type Sqlite } from "../../src/store/sqlite/driver.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Settles when what is not needed any more has been collected, and what ends with it has ended. */
const collected = async (): Promise<void> => {
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
};

const rowsOf = (db: Sqlite): Iterable<unknown> =>
  db.prepare("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n").iterate();

it("rows can be read to their end, though nobody else holds their statement", async () => {
  const db = openSqlite(":memory:");
  const rows = rowsOf(db)[Symbol.iterator]();
  for (let row = 0; row < 3; row++) {
    expect(rows.next().value).toEqual({ i: row + 1 });
    await collected();
  }
  expect(rows.next().done).toBe(true);
  db.close();
});
