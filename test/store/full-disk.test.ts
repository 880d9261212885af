import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { faults, mend } from "./faults.ts";
import { IO_ERROR, sqliteError } from "./support.ts";
import { stopClock, Workshop } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

const KIB = 1024;
const RESERVE = 64 * KIB;
const FULL = sqliteError("full");

beforeEach(() => {
  faults.disk = { size: 8 * RESERVE, free: 4 * RESERVE };
  stopClock();
});

afterEach(() => {
  vi.useRealTimers();
  mend();
});

async function openShop(): Promise<Workshop> {
  const shop = new Workshop();
  await shop.open();
  return shop;
}

/** Statements that begin so fail, so many times. */
function failing(start: string, error: Error, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  faults.sql = (sql) => (sql.startsWith(start) && left-- > 0 ? error : undefined);
}

const systemError = (code: string): Error => Object.assign(new Error(code), { code });
const noRoom = (): Error => systemError("ENOSPC");

/** The disk has so much room, in reserves. */
const room = (reserves: number): void => {
  faults.disk = { size: 8 * RESERVE, free: reserves * RESERVE };
};

test("a disk that is full in the middle of a commit: new jobs are refused, what makes room is stored, and it heals", async () => {
  await using shop = await openShop();
  const [one, two] = await shop.putAll(3);
  expect(shop.size("ballast")).toBe(RESERVE);
  room(1);
  failing("INSERT", FULL, 1);
  if (one !== undefined) shop.store.remove(one);
  if (two !== undefined) shop.store.retried({ ...two, retries: 1 });
  await shop.putAll(2);
  expect(shop.take()).toEqual(["H:1 stored", "H:2 stored", "H:3 stored", "H:4 space", "H:5 space"]);
  expect(shop.size("ballast")).toBe(undefined);
  shop.put();
  expect(shop.take()).toEqual(["H:6 space"]);
  room(4);
  await shop.askAgain();
  expect(shop.size("ballast")).toBe(RESERVE);
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:7 stored"]);
  expect(await shop.kept()).toEqual(["H:3", "H:2", "H:7"]);
  await shop.store.close();
});

test.each(["COMMIT", "BEGIN"])("a disk that is full at %s", async (statement) => {
  await using shop = await openShop();
  failing(statement, FULL, 1);
  await shop.putAll(20);
  expect(new Set(shop.take().map((line) => line.split(" ")[1]))).toEqual(new Set(["space"]));
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:21 stored"]);
  expect(await shop.kept()).toEqual(["H:21"]);
  await shop.store.close();
});

test.each(["PRAGMA wal_checkpoint", "DELETE", "UPDATE"])(
  "no room even for removals, at %s: they are stored when there is",
  async (statement) => {
    await using shop = await openShop();
    const [first, ...jobs] = await shop.putAll(200);
    shop.take();
    room(1);
    faults.sql = (sql) => (sql.startsWith("INSERT") || sql.startsWith(statement) ? FULL : undefined);
    for (const job of jobs.splice(0, 150)) shop.store.remove(job);
    if (first !== undefined) shop.store.bury(first);
    await shop.putAll(1);
    shop.put();
    expect(shop.take()).toEqual(["H:201 space", "H:202 space"]);
    await shop.askAgain();
    expect(shop.store.stats).toMatchObject({ noSpace: 1, waiting: 151 });
    room(4);
    faults.sql = () => undefined;
    await shop.askAgain();
    expect(shop.store.stats).toMatchObject({ noSpace: 0, waiting: 0 });
    expect(await shop.kept()).toEqual(jobs.map(({ handle }) => handle));
    expect(shop.store.stats.dead).toBe(1);
    await shop.store.close();
  },
);

test("the reserve cannot be made again: new jobs are refused until it can", async () => {
  await using shop = await openShop();
  failing("INSERT", FULL, 1);
  faults.file = (call) => (call === "write" ? noRoom() : undefined);
  await shop.putAll(1);
  expect(shop.store.stats.noSpace).toBe(1);
  expect(shop.size("ballast")).toBe(undefined);
  faults.file = (call, path) => (call === "open" && String(path).endsWith("ballast") ? noRoom() : undefined);
  await shop.askAgain();
  expect(shop.store.stats.noSpace).toBe(1);
  faults.file = () => undefined;
  await shop.askAgain();
  expect(shop.store.stats.noSpace).toBe(0);
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:1 space", "H:2 stored"]);
  await shop.store.close();
});

test("the ballast cannot be made for another reason than room: the disk has failed", async () => {
  await using shop = await openShop();
  failing("INSERT", FULL, 1);
  faults.file = (call) => (call === "write" ? systemError("EIO") : undefined);
  await shop.putAll(1);
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
});

test("while the disk is full, what makes room comes before what needs some", async () => {
  await using shop = await openShop();
  const jobs = await shop.putAll(200);
  const asked: string[] = [];
  let full = true;
  faults.sql = (sql) => {
    if (sql.startsWith("INSERT INTO job")) return FULL;
    if (/^(DELETE|UPDATE)/.test(sql)) asked.push(sql.slice(0, 6));
    return sql.startsWith("UPDATE job") && full ? FULL : undefined;
  };
  for (const job of jobs.slice(0, 100)) shop.store.retried({ ...job, retries: 1 });
  for (const job of jobs.slice(100)) shop.store.remove(job);
  await shop.putAll(1);
  expect(asked.slice(0, 201)).toEqual([...Array(200).fill("DELETE"), "UPDATE"]); // a hundred of them when it was tried whole
  full = false;
  room(4);
  await shop.askAgain();
  expect(await shop.kept()).toHaveLength(100);
  expect(shop.restored.every(({ retries }) => retries === 1)).toBe(true);
});

test("a disk that is full at the start: the ballast is given up for it", async () => {
  await using shop = await openShop();
  await shop.putAll(3);
  room(0);
  failing("PRAGMA auto_vacuum", FULL, 1);
  expect(await shop.kept()).toHaveLength(3);
  expect([shop.size("ballast"), shop.store.stats.noSpace]).toEqual([undefined, 1]);
});

test("little room left: new jobs are refused before the disk is full, until there is some more", async () => {
  await using shop = await openShop();
  room(0.9);
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:1 stored"]);
  vi.advanceTimersByTime(250);
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:2 stored"]);
  shop.put();
  expect(shop.take()).toEqual(["H:3 space"]);
  room(1.1);
  await shop.askAgain();
  expect(shop.store.stats.noSpace).toBe(1);
  room(1.3);
  await shop.askAgain();
  expect(shop.store.stats.noSpace).toBe(0);
  room(1.1);
  vi.advanceTimersByTime(250);
  await shop.putAll(1);
  expect(shop.store.stats.noSpace).toBe(0);
  expect(shop.size("ballast")).toBe(RESERVE);
  await shop.store.close();
});

test("a start on a disk without room: the queue is there, and new jobs are refused", async () => {
  await using shop = await openShop();
  await shop.putAll(1);
  room(0.5);
  expect(await shop.reopen()).toEqual([]);
  expect(shop.restored).toHaveLength(1);
  expect(shop.store.stats.noSpace).toBe(1);
  await shop.store.close();
});

test("a start on a full disk gives up the reserve for it; if that is not enough, it is refused", async () => {
  await using shop = await openShop();
  await shop.putAll(1);
  room(1);
  failing("BEGIN", FULL, 1);
  await shop.reopen();
  expect(shop.restored).toHaveLength(1);
  expect(shop.size("ballast")).toBe(undefined);
  failing("BEGIN", FULL);
  await expect(shop.reopen()).rejects.toThrow(/^Could not open the data directory \/.*: the disk is full: make room$/);
});

test("the log is copied into the database when it has grown; without room for that, the reserve is given up", async () => {
  await using shop = await openShop();
  const checkpoints: string[] = [];
  faults.sql = (sql) => {
    if (sql.startsWith("PRAGMA wal_checkpoint")) checkpoints.push(sql);
    return undefined;
  };
  await shop.putAll(1, { workload: Buffer.alloc(RESERVE / 2) });
  expect(checkpoints).toEqual([]);
  await shop.putAll(1, { workload: Buffer.alloc(RESERVE / 2) });
  expect(checkpoints).toEqual(["PRAGMA wal_checkpoint(PASSIVE)"]);
  failing("PRAGMA wal_checkpoint(PASSIVE)", FULL);
  room(1);
  await shop.putAll(1, { workload: Buffer.alloc(RESERVE) });
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:1 stored", "H:2 stored", "H:3 stored", "H:4 space"]);
  faults.sql = () => undefined;
  await shop.store.close();
});

const FATAL: readonly [string, string, number][] = [
  ["inserting a job", "INSERT", 1],
  ["inserting many", "INSERT", 16],
  ["committing", "COMMIT", 1],
  ["removing a job", "DELETE", 0],
];

test.each(FATAL)("an error of the disk when %s: nothing is said any more", async (_when, statement, count) => {
  await using shop = await openShop();
  failing(statement, IO_ERROR);
  if (count === 0) shop.store.remove({ ...shop.put(), row: 7 });
  else await shop.putAll(count);
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
  expect(shop.take()).toEqual([]);
  await expect(shop.store.close()).rejects.toMatchObject({ kind: "fatal" });
});

test.each(["PRAGMA wal_checkpoint", "DELETE"])("an error of the disk while it is full, at %s", async (statement) => {
  await using shop = await openShop();
  faults.sql = (sql) => {
    if (sql.startsWith("INSERT")) return FULL;
    return sql.startsWith(statement) ? IO_ERROR : undefined;
  };
  shop.store.remove({ ...shop.put(), row: 7 });
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
  expect(shop.take()).toEqual([]);
});

test("an error of the disk when the log is copied: the jobs before it are stored", async () => {
  await using shop = await openShop();
  failing("PRAGMA wal_checkpoint", IO_ERROR);
  await shop.putAll(1, { workload: Buffer.alloc(RESERVE) });
  expect(shop.take()).toEqual(["H:1 stored"]);
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
});

test("a clean stop on a full disk closes the store; an error of the disk is told", async () => {
  await using shop = await openShop();
  await shop.putAll(1);
  failing("PRAGMA wal_checkpoint", FULL);
  expect(await shop.kept()).toEqual(["H:1"]);
  failing("PRAGMA wal_checkpoint", IO_ERROR);
  await expect(shop.store.close()).rejects.toMatchObject({ kind: "fatal" });
});
