import { expect, test } from "vitest";
import { openSqlite, type Sqlite } from "../../src/store/sqlite/driver.ts";
import { scan } from "../../src/store/sqlite/scan.ts";
import { Workshop } from "./workshop.ts";

const MIB = 2 ** 20;

interface Reading {
  readonly rows: number;
  readonly bytes: number;
}

/** Notes what was read at once. */
function watched(db: Sqlite, readings: Reading[]): Sqlite {
  const prepare: Sqlite["prepare"] = (sql) => {
    const statement = db.prepare(sql);
    const all: typeof statement.all = (...values) => {
      const rows = statement.all(...values);
      const sizes = rows.map(({ record }) => (record as Uint8Array).length);
      readings.push({ rows: rows.length, bytes: sizes.reduce((sum, size) => sum + size, 0) });
      return rows;
    };
    return { run: statement.run.bind(statement), get: statement.get.bind(statement), all, iterate: () => [] };
  };
  return { exec: (sql) => db.exec(sql), prepare, close: () => db.close() };
}

test("many small rows are read at once, of large ones no more than fit into some MiB", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(150);
  await shop.putAll(3, { workload: Buffer.alloc(20 * MIB) });
  await shop.putAll(50, { workload: Buffer.alloc(MIB) });
  await shop.putAll(100);
  await shop.store.close();
  shop.copy();
  const db = openSqlite(`${shop.path}/jobs.sqlite`);
  const readings: Reading[] = [];
  const ids = [...scan(watched(db, readings))].map((row) => (row.state === "alive" ? row.row.row : undefined));
  db.close();
  expect(ids).toEqual(Array.from({ length: 303 }, (_, n) => n + 1));
  expect(readings[0]?.rows).toBe(100);
  expect(readings.filter(({ rows, bytes }) => rows > 1 && bytes > 8 * MIB)).toEqual([]);
  expect(readings.filter(({ rows }) => rows > 1).length).toBeGreaterThan(5);
});
