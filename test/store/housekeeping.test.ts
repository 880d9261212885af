import { mkdirSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/store/sqlite/driver.ts";
import { faults, mend } from "./faults.ts";
import { IO_ERROR, sqliteError } from "./support.ts";
import { stopClock, Workshop } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

const MIB = 2 ** 20;
/** After so long without a commit the store tidies up, milliseconds. */
const IDLE = 500;

beforeEach(() => {
  faults.disk = { size: MIB, free: 2 ** 30 };
  stopClock();
});

afterEach(() => {
  vi.useRealTimers();
  mend();
});

/** A store with a backlog that is drained. */
async function drained(shop: Workshop = new Workshop()): Promise<Workshop> {
  await shop.open();
  const jobs = await shop.putAll(24, { workload: Buffer.alloc(MIB) });
  for (const job of jobs) shop.store.remove(job);
  await shop.store.flush();
  expect(shop.size("jobs.sqlite")).toBeGreaterThan(20 * MIB);
  return shop;
}

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await turn();
};

test("the room of a drained backlog is given back, but for some", async () => {
  await using shop = await drained();
  vi.advanceTimersByTime(IDLE);
  await turns(50);
  expect(shop.size("jobs.sqlite")).toBeLessThan(6 * MIB);
  const { size } = { size: shop.size("jobs.sqlite") };
  await shop.putAll(1);
  vi.advanceTimersByTime(IDLE);
  await turns(10);
  expect(shop.size("jobs.sqlite")).toBe(size);
  expect(await shop.kept()).toEqual(["H:25"]);
  await shop.store.close();
});

test("where the disk has no room for much of it, little is given back at a time", async () => {
  await using shop = await drained();
  const sizes: number[] = [];
  faults.sql = (sql) => {
    const pages = Number(/incremental_vacuum\((\d+)\)/.exec(sql)?.[1] ?? 0);
    if (pages > 0) sizes.push(pages);
    return pages > 100 ? sqliteError("full") : undefined;
  };
  vi.advanceTimersByTime(IDLE);
  await turns(400);
  expect(sizes.slice(0, 3)).toEqual([512, 128, 32]);
  expect(shop.size("jobs.sqlite")).toBeLessThan(6 * MIB);
  await shop.store.close();
});

test("where it has no room even for that, it is tried again later", async () => {
  await using shop = await drained();
  let tried = 0;
  faults.sql = (sql) => {
    if (!sql.includes("incremental_vacuum")) return undefined;
    tried++;
    return sqliteError("full");
  };
  vi.advanceTimersByTime(IDLE);
  await turns(50);
  expect(tried).toBe(5); // the last one without the ballast
  faults.sql = () => undefined;
  await shop.putAll(1);
  vi.advanceTimersByTime(IDLE);
  await turns(100);
  expect(shop.size("jobs.sqlite")).toBeLessThan(6 * MIB);
  await shop.store.close();
});

test("where it has no room even for that, the ballast is given up for it, and made again", async () => {
  await using shop = await drained();
  faults.sql = (sql) => {
    if (!sql.includes("incremental_vacuum")) return undefined;
    return shop.size("ballast") === undefined ? undefined : sqliteError("full");
  };
  vi.advanceTimersByTime(IDLE);
  await turns(400);
  expect(shop.size("jobs.sqlite")).toBeLessThan(6 * MIB);
  expect(shop.size("ballast")).toBe(MIB / 8);
  await shop.putAll(1);
  expect(shop.take().at(-1)).toBe("H:25 stored");
  await shop.store.close();
});

test("the ballast is not given up for less than it is itself", async () => {
  await using shop = new Workshop();
  await shop.open();
  for (const job of await shop.putAll(10, { workload: Buffer.alloc(8192) })) shop.store.remove(job);
  await shop.store.flush();
  faults.disk = { size: MIB, free: MIB / 16 };
  let tried = 0;
  faults.sql = (sql) => (sql.includes("incremental_vacuum") && ++tried > 0 ? sqliteError("full") : undefined);
  vi.advanceTimersByTime(IDLE);
  await turns(50);
  expect(tried).toBe(4);
  expect(shop.size("ballast")).toBe(MIB / 8);
  await shop.store.close();
});

test("on a disk with little room all of it is given back", async () => {
  await using shop = await drained();
  faults.disk = { size: MIB, free: MIB / 16 };
  vi.advanceTimersByTime(IDLE);
  await turns(100);
  expect(shop.size("jobs.sqlite")).toBeLessThan(MIB);
  await shop.store.close();
});

test("a stop in the middle of it", async () => {
  await using shop = await drained();
  let pieces = 0;
  faults.sql = (sql) => {
    if (sql.startsWith("PRAGMA incremental_vacuum")) pieces++;
    return undefined;
  };
  vi.advanceTimersByTime(IDLE);
  expect(pieces).toBe(1);
  await shop.store.close();
  const after = pieces;
  await turns(10);
  expect(pieces).toBe(after);
  expect(await Promise.race([shop.store.failed, "no failure"])).toBe("no failure");
});

test("a file that gives nothing back is left as it is", async () => {
  const fresh = new Workshop();
  mkdirSync(fresh.path);
  const db = openSqlite(`${fresh.path}/jobs.sqlite`);
  db.exec("PRAGMA auto_vacuum=NONE; CREATE TABLE t (c); DROP TABLE t");
  db.close();
  await using shop = await drained(fresh);
  const size = shop.size("jobs.sqlite");
  vi.advanceTimersByTime(IDLE);
  await turns(10);
  expect(shop.size("jobs.sqlite")).toBe(size);
  await shop.store.close();
});

test("no room to give room back: another time", async () => {
  await using shop = await drained();
  faults.sql = (sql) => (sql.startsWith("PRAGMA incremental_vacuum") ? sqliteError("full") : undefined);
  vi.advanceTimersByTime(IDLE);
  await turns(10);
  faults.sql = () => undefined;
  await shop.putAll(1);
  vi.advanceTimersByTime(IDLE);
  await turns(50);
  expect(shop.size("jobs.sqlite")).toBeLessThan(6 * MIB);
  await shop.store.close();
});

test("an error of the disk while nothing is asked of it: the store fails", async () => {
  await using shop = await drained();
  faults.sql = (sql) => (sql.startsWith("PRAGMA freelist_count") ? IO_ERROR : undefined);
  vi.advanceTimersByTime(IDLE);
  const message = `${shop.path}: ${IO_ERROR.message}`;
  expect(await shop.store.failed).toMatchObject({ kind: "fatal", message });
});
