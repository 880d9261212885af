import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { faults, mend } from "./faults.ts";
import { IO_ERROR } from "./support.ts";
import { stopClock, Workshop } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

const LOG = "jobs.sqlite-wal";
const RESERVE = 64 * 1024;
const ROOM = { size: 8 * RESERVE, free: 4 * RESERVE };

beforeEach(() => {
  faults.disk = ROOM;
  stopClock();
});

afterEach(() => {
  vi.useRealTimers();
  mend();
});

/** Writing to the log fails, once it is open. */
function failingLog(error: Error): void {
  let opened: unknown;
  faults.file = (call, what) => {
    if (call === "open") opened = what;
    return call === "write" && String(opened).endsWith(LOG) ? error : undefined;
  };
}

it("a log is as long from the start as it gets, and is written over", async () => {
  await using shop = new Workshop();
  await shop.open();
  expect(shop.size(LOG)).toBe(RESERVE);
  await shop.putAll(3, { workload: Buffer.alloc(10_000, "w") });
  expect(shop.size(LOG)).toBe(RESERVE);
  shop.copy(); // as a crash leaves it: some changes, and zeros behind them
  expect(await shop.kept()).toEqual(["H:1", "H:2", "H:3"]);
  await shop.store.close();
});

it("a crash before the first commit leaves a log of zeros, which is an empty one", async () => {
  await using shop = new Workshop();
  await shop.open();
  shop.copy();
  expect(await shop.kept()).toEqual([]);
  await shop.putAll(1);
  expect(await shop.kept()).toEqual(["H:1"]);
});

it("grows with what is written where there is no room to spare", async () => {
  faults.disk = { ...ROOM, free: 3 * RESERVE - 1 };
  await using shop = new Workshop();
  await shop.open();
  expect(shop.size(LOG)).toBe(0);
  await shop.putAll(1);
  expect(shop.size(LOG)).toBeGreaterThan(0);
});

it("is empty again when the disk gets full meanwhile", async () => {
  failingLog(Object.assign(new Error("no room"), { code: "EDQUOT" }));
  await using shop = new Workshop();
  await shop.open();
  expect(shop.size(LOG)).toBe(0);
  await shop.putAll(1);
  expect(await shop.kept()).toEqual(["H:1"]);
});

it("is refused with the remedy when the disk fails", async () => {
  failingLog(IO_ERROR);
  await using shop = new Workshop();
  await expect(shop.open()).rejects.toThrow(/^Could not open the data directory .*salvage/);
});

it("is left alone when there is something in it that could not be copied", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(2);
  shop.copy();
  const full = Object.assign(new Error("database or disk is full"), { errcode: 13 });
  faults.sql = (sql) => (sql.startsWith("PRAGMA wal_checkpoint") ? full : undefined);
  expect(await shop.kept()).toEqual(["H:1", "H:2"]);
  faults.sql = () => undefined;
  shop.copy();
  expect(await shop.kept()).toEqual(["H:1", "H:2"]);
});
