/** gearmand's own table: what the real gearmand makes of it is tested in test/queue. */
import { existsSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { readRecord } from "../../src/store/record.ts";
import { faults, mend, onSmallDisk } from "./faults.ts";
import { ABOUT, Bench, bytes, DDL, TABLE } from "./gearmand-bench.ts";
import { IO_ERROR, sqliteError } from "./support.ts";
import { stopClock } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

onSmallDisk();

describe("jobs in gearmand's table", () => {
  it("come back with all that belongs to them", async () => {
    await using bench = new Bench();
    await bench.open();
    const jobs = [
      { unique: "", workload: bytes("") },
      { unique: "", workload: bytes("same") },
      { unique: "", workload: bytes("same") },
      { unique: "-", workload: bytes("a\0\xff") },
      { unique: "-", workload: bytes("b") },
      { unique: "u".repeat(64), function: "\xff'\"" },
      { unique: "\x80", function: "", reducer: "r", priority: 0, epoch: Number(2n ** 63n - 1n) },
      { unique: "gearmand-ts:empty:00000000:1", priority: 2, retries: 3 },
    ] as const;
    const put = [];
    for (const job of jobs) put.push(await bench.put(job));
    expect(await bench.reopen()).toEqual([]);
    expect(bench.restored).toEqual(put);
    expect(bench.said).toEqual(jobs.map(() => "stored"));
  });

  it("come back under one unique, though gearmand's key is taken until the commit is over", async () => {
    await using bench = new Bench();
    await bench.open();
    const first = await bench.put({ unique: "u" });
    bench.store.remove(first);
    await bench.put({ unique: "u", workload: bytes("second") });
    await bench.put({ unique: "u", workload: bytes("third") });
    await bench.reopen();
    expect(bench.seen).toEqual(["f/u/second", "f/u/third"]);
  });

  it("come back in their order, with their retries, and without those that are done", async () => {
    await using bench = new Bench();
    await bench.open();
    const [a, b] = [await bench.put({ unique: "a" }), await bench.put({ unique: "b" })];
    await bench.put({ unique: "c" });
    a.retries = 2;
    bench.store.retried(a);
    bench.store.remove(b);
    await bench.reopen();
    expect(bench.restored.map(({ unique, retries }) => [unique, retries])).toEqual([
      ["c", 0],
      ["a", 2],
    ]);
    await bench.put({ unique: "d" });
    await bench.reopen();
    expect(bench.restored.map(({ unique }) => unique)).toEqual(["c", "a", "d"]);
  });

  it("that are dead are kept, and no longer in gearmand's table", async () => {
    await using bench = new Bench();
    await bench.open();
    bench.store.bury(await bench.put({ unique: "a" }));
    await bench.store.close();
    expect(bench.sql(`SELECT * FROM ${TABLE}`)).toEqual([]);
    bench.write("new", "f", 1, bytes("w"), 0);
    await bench.open();
    expect(bench.store.stats).toMatchObject({ dead: 1, recovered: 1 });
    for (const job of bench.restored) bench.store.bury(job);
    await bench.reopen();
    expect(bench.store.stats).toMatchObject({ dead: 2, recovered: 0 });
    const rows = bench.sql(`SELECT record FROM ${ABOUT}_dead`);
    const whole = rows.map(({ record }) => readRecord(Buffer.from(record as Uint8Array)));
    expect(whole.map(({ unique, workload }) => `${unique}/${workload}`)).toEqual(["a/load", "new/w"]);
  });

  it("have handles that no other start gives", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({});
    await bench.store.close();
    bench.write("g1", "f", 1, bytes("w"), 0);
    bench.write("g2", "f", 1, bytes("w"), 0);
    await bench.open();
    const next = Number(bench.store.nextNumber());
    expect(bench.restored.map(({ handle }) => handle)).toEqual(["H:1", "P:1000001", "P:1000002"]);
    expect(next).toBe(1_000_003);
  });
});

describe("what the disk says", () => {
  it("of one row refuses that job alone", async () => {
    await using bench = new Bench();
    await bench.open();
    faults.sql = (sql, values) =>
      sql.includes(`INTO "${TABLE}" (rowid`) && values[3] === 2 ? sqliteError("tooBig") : undefined;
    await bench.put({ unique: "a", priority: 2 });
    await bench.put({ unique: "b", priority: 0 });
    mend();
    expect(bench.said).toEqual(["row", "stored"]);
  });

  it("of all of them ends the store", async () => {
    await using bench = new Bench();
    await bench.open();
    faults.sql = (sql) => (sql.includes(`INTO "${TABLE}" (rowid`) ? IO_ERROR : undefined);
    await expect(bench.put({})).rejects.toMatchObject({ kind: "fatal" });
    expect(await bench.store.failed).toMatchObject({ kind: "fatal" });
  });
});

it("of a file that gearmand has made, SQLite can give no room back: that is tried once", async () => {
  await using bench = new Bench();
  bench.sql(DDL);
  stopClock();
  await bench.open();
  let tried = 0;
  faults.sql = (sql) => {
    if (sql.startsWith("PRAGMA incremental_vacuum")) tried++;
    return undefined;
  };
  const workload = Buffer.alloc(600_000);
  const jobs = [];
  for (let n = 0; n < 10; n++) jobs.push(await bench.put({ workload }));
  for (const job of jobs) bench.store.remove(job);
  await bench.store.flush();
  for (let n = 0; n < 5; n++) await turn();
  vi.advanceTimersByTime(500);
  for (let n = 0; n < 5; n++) await turn();
  vi.useRealTimers();
  expect(tried).toBe(1);
  await bench.store.close();
});

describe("a clean stop", () => {
  const LEAVE = "PRAGMA journal_mode=DELETE";

  it("leaves the file alone in its directory", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({});
    expect(existsSync(`${bench.file}-ballast`)).toBe(true);
    await bench.store.close();
    for (const suffix of ["-wal", "-shm", "-ballast"]) expect(existsSync(bench.file + suffix)).toBe(false);
    expect(bench.sql("PRAGMA journal_mode")).toEqual([{ journal_mode: "delete" }]);
  });

  it("leaves the log if the disk is full", async () => {
    await using bench = new Bench();
    await bench.open();
    faults.sql = (sql) => (sql === LEAVE ? sqliteError("full") : undefined);
    await bench.store.close();
    mend();
    expect(bench.sql("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
  });

  it("does not hide what else is wrong", async () => {
    await using bench = new Bench();
    await bench.open();
    faults.sql = (sql) => (sql === LEAVE ? IO_ERROR : undefined);
    await expect(bench.store.close()).rejects.toThrow(IO_ERROR.message);
  });
});
