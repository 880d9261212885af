/** gearmand's own table: what the real gearmand makes of it is tested in test/queue. */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { holderOf } from "../../src/store/gearmand/holders.ts";
import { readRecord } from "../../src/store/record.ts";
import { checksum } from "../../src/store/sqlite/checksum.ts";
import { openError } from "../../src/store/sqlite/open-error.ts";
import { StoreError } from "../../src/store/store-error.ts";
import { Folder } from "../support/folder.ts";
import { freeze } from "../support/stranger.ts";
import { faults, mend } from "./faults.ts";
import { Bench, bytes, DDL, TABLE } from "./gearmand-bench.ts";
import { IO_ERROR, sqliteError } from "./support.ts";
import { stopClock } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

/** A small disk has a small reserve, which is made sooner. */
beforeEach(() => {
  faults.disk = { size: 80_000, free: 1e9 };
});
afterEach(() => mend());

const ABOUT = `${TABLE}_gearmand_ts`;

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

describe("rows that gearmand has written", () => {
  it("are jobs of ours, in the order of its table", async () => {
    await using bench = new Bench();
    bench.sql(DDL);
    bench.write("", "f", 0, null, null);
    bench.write("-", "f", 1, bytes("\x00\xff"), 0);
    bench.write("\xff", "g", 2, bytes("w"), 5);
    bench.write("gearmand-ts:empty:00000000:9", "f", 1, bytes("e"), 0);
    bench.write("gearmand-ts:dash:00000000:9", "f", 1, bytes("d"), -1);
    bench.write("gearmand-ts:name:00000000:9", "f", 1, bytes("n"), 0);
    expect(await bench.open()).toEqual([]);
    expect(bench.seen).toEqual([
      "f//",
      `f/-/${Buffer.from("\x00\xff", "latin1")}`,
      "g/\xff/w",
      "f//e",
      "f/-/d",
      "f/gearmand-ts:name:00000000:9/n",
    ]);
    expect(bench.restored.map(({ priority, epoch }) => [priority, epoch]).slice(0, 5)).toEqual([
      [0, 0],
      [1, 0],
      [2, 5],
      [1, 0],
      [1, 0],
    ]);
    await bench.store.close();
    expect(bench.sql(`SELECT count(*) AS n FROM ${TABLE} WHERE data IS NULL OR when_to_run IS NULL`)).toEqual([
      { n: 0 },
    ]);
  });

  it("may be from before it knew epochs", async () => {
    await using bench = new Bench();
    bench.sql(DDL.replace(" when_to_run INTEGER,", ""));
    bench.sql(`INSERT INTO ${TABLE} VALUES ('u', 'f', 1, x'77')`);
    await bench.open();
    expect(bench.seen).toEqual(["f/u/w"]);
    await bench.store.close();
    expect(bench.sql(`SELECT when_to_run FROM ${TABLE}`)).toEqual([{ when_to_run: 0 }]);
  });

  it("that can be no job stay, and are named", async () => {
    await using bench = new Bench();
    bench.sql(DDL);
    bench.write("u", "f", 7, bytes("w"), 0);
    bench.write("nul", "f\0", 1, bytes("w"), 0);
    bench.write("u".repeat(65), "f", 1, bytes("w"), 0, 9);
    expect(await bench.open()).toEqual([1, 2, 9].map((row) => `row ${row} of ${TABLE}`));
    expect((await bench.put({ unique: "x" })).row).toBe(10);
    await bench.reopen();
    expect(bench.seen).toEqual(["f/x/load"]);
    expect(bench.store.stats.damaged).toBe(3);
  });

  it("take the place of ours, whose handle is forgotten", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({ unique: "a" });
    await bench.put({ unique: "b" });
    await bench.store.close();
    bench.sql(`DELETE FROM ${TABLE} WHERE unique_key = 'b'`);
    bench.write("b", "f", 1, bytes("another"), 0);
    await bench.open();
    expect(bench.seen).toEqual(["f/a/load", "f/b/another"]);
    expect(bench.restored.map(({ handle }) => handle)).toEqual(["H:1", "P:1000001"]);
  });

  it("may be ours that an operator has changed", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({ unique: "a" });
    await bench.store.close();
    bench.sql(`UPDATE ${TABLE} SET priority = 0`);
    expect(await bench.open()).toEqual([]);
    expect(bench.restored).toMatchObject([{ unique: "a", priority: 0, handle: "P:1000001" }]);
  });

  it("may be ours with other row ids, as from a dump", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({ unique: "a" });
    await bench.put({ unique: "" });
    await bench.store.close();
    bench.sql(`DROP TRIGGER ${ABOUT}_update`);
    bench.sql(`UPDATE ${TABLE} SET rowid = rowid + 10`);
    bench.sql(`UPDATE ${ABOUT} SET id = 13 - id`);
    expect(await bench.open()).toEqual([]);
    expect(bench.seen).toEqual(["f/a/load", "f//load"]);
    expect(await bench.reopen()).toEqual([]);
    expect(bench.restored.map(({ handle }) => handle)).toEqual(["P:1000001", "P:1000002"]);
  });
});

describe("a row of ours that is damaged", () => {
  const damages: [string, string][] = [
    ["its workload", `UPDATE ${TABLE} SET data = x'00'`],
    ["its priority", `UPDATE ${TABLE} SET priority = 2`],
    ["its epoch", `UPDATE ${TABLE} SET when_to_run = 2`],
    ["its checksum", `UPDATE ${ABOUT} SET sum = 1`],
    ["its fate", `UPDATE ${ABOUT} SET fate = 1.5`],
    ["its fate, as bytes", `UPDATE ${ABOUT} SET fate = x'00'`],
  ];

  it.each(damages)("in %s is named and never offered", async (_, damage) => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({ unique: "a" });
    await bench.store.close();
    bench.sql(`DROP TRIGGER ${ABOUT}_update`);
    bench.sql(damage);
    expect(await bench.open()).toEqual([`row 1 of ${TABLE}`]);
    expect(bench.restored).toEqual([]);
    expect((await bench.put({ unique: "b" })).row).toBe(2);
  });

  /** The record without its names, and with others. */
  const renamed = (names: string): string =>
    `UPDATE ${ABOUT} SET record = CAST(substr(record, 1, 24) || '${names}' AS BLOB)`;

  const losses: [string, string, string][] = [
    ["all we know", "a", `UPDATE ${ABOUT} SET record = x'09'`],
    ["all we know, as text", "a", `UPDATE ${ABOUT} SET record = 'text'`],
    ["the unique that we know", "a", renamed("H:1bf")],
    ["the function that we know", "a", renamed("H:1ag")],
    ["the function that we know of one without a unique", "", renamed("H:1g")],
    ["its function", "a", `UPDATE ${TABLE} SET function_name = 'g'`],
  ];

  it.each(losses)("in %s is named and never offered, and comes back once it is mended", async (_, unique, damage) => {
    await using bench = new Bench();
    await bench.open();
    const job = await bench.put({ unique });
    bench.store.retried({ ...job, retries: 2 });
    await bench.store.close();
    const [known] = bench.sql(`SELECT record FROM ${ABOUT}`);
    bench.sql(`DROP TRIGGER ${ABOUT}_update`);
    bench.sql(damage);
    expect(await bench.open()).toEqual([`row 1 of ${TABLE}`]);
    expect(await bench.reopen()).toEqual([`row 1 of ${TABLE}`]);
    expect(bench.restored).toEqual([]);
    await bench.store.close();
    bench.sql(`DROP TRIGGER ${ABOUT}_update`);
    bench.sql(`UPDATE ${ABOUT} SET record = ?`, known?.["record"] as Uint8Array);
    bench.sql(`UPDATE ${TABLE} SET function_name = 'f'`);
    expect(await bench.open()).toEqual([]);
    expect(bench.restored).toMatchObject([{ handle: job.handle, unique, retries: 2 }]);
  });

  it("in its number does not keep others from being stored", async () => {
    await using bench = new Bench();
    bench.sql(DDL);
    bench.sql(`INSERT INTO ${TABLE} (rowid, unique_key, function_name, priority, data, when_to_run)
      VALUES (4611686018427387905, 'a', 'f', 1, x'77', 0)`);
    expect(await bench.open()).toEqual([expect.stringMatching(/^row 4611686018427/)]);
    expect((await bench.put({ unique: "b" })).row).toBe(1);
    await bench.reopen();
    expect(bench.seen).toEqual(["f/b/load"]);
  });

  it("meanwhile keeps its wrong checksum; one that is gone stays gone", async () => {
    await using bench = new Bench();
    await bench.open();
    const [a, b] = [await bench.put({ unique: "a" }), await bench.put({ unique: "b" })];
    await bench.store.close();
    bench.sql(`UPDATE ${ABOUT} SET sum = 1 WHERE id = ${a.row}`);
    bench.sql(`DELETE FROM ${TABLE} WHERE rowid = ${b.row}`);
    await bench.open();
    bench.store.retried(a);
    bench.store.bury(b);
    expect(await bench.reopen()).toEqual([`row ${a.row} of ${TABLE}`]);
    expect(bench.store.stats.dead).toBe(0);
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

describe("a file that cannot be used", () => {
  const refusal = async (bench: Bench): Promise<string> => {
    const error: Error = await bench.open().then(
      () => expect.fail("it was opened"),
      (why: Error) => why,
    );
    expect(error).toMatchObject({ name: "StoreError", kind: "open" });
    return error.message.replace(`Could not open the queue ${bench.file}: `, "");
  };

  it.each([
    ["PRAGMA encoding = 'UTF-16le'", DDL, "its texts are UTF-16le, and gearmand's are UTF-8: choose another file"],
    [
      "PRAGMA user_version",
      `CREATE TABLE ${TABLE} (unique_key TEXT)`,
      "its table gearman_queue is not gearmand's: --libsqlite3-table names another",
    ],
  ])("%s, %s", async (first, second, message) => {
    await using bench = new Bench();
    const { openSqlite } = await import("../../src/store/sqlite/driver.ts");
    const db = openSqlite(bench.file);
    db.exec(`${first}; ${second}`);
    db.close();
    bench.copy();
    expect(await refusal(bench)).toBe(message);
  });

  it("was used by a newer version", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.store.close();
    bench.sql(`UPDATE ${ABOUT}_meta SET value = 2 WHERE name = 'format'`);
    expect(await refusal(bench)).toBe(
      "it was used by a newer gearmand-ts (format 2, known up to 1): use that one, or another file",
    );
  });

  it("has jobs of a newer version in it", async () => {
    await using bench = new Bench();
    await bench.open();
    await bench.put({});
    await bench.store.close();
    const [about] = bench.sql(`SELECT record FROM ${ABOUT}`);
    const record = Buffer.from(about?.["record"] as Uint8Array);
    record[0] = 2;
    bench.sql(
      `UPDATE ${ABOUT} SET record = ?, sum = ?`,
      record,
      checksum(1, null, Buffer.concat([record, bytes("load")])),
    );
    expect(await refusal(bench)).toBe("it has jobs of a newer gearmand-ts in it: use that one, or another file");
  });

  it("is none of SQLite's, or in no directory", async () => {
    await using bench = new Bench();
    writeFileSync(bench.file, "no database ".repeat(100));
    expect(await refusal(bench)).toBe("it is no SQLite database: choose another file");
    bench.file = bench.folder.file("nowhere/queue.sqlite");
    expect(await refusal(bench)).toMatch(
      /unable to open database file; it must be a file that the server may write to/,
    );
  });

  it("is open elsewhere, though nobody has locked it", async () => {
    await using bench = new Bench();
    bench.sql(DDL);
    await using stranger = await freeze(bench.file);
    expect(await refusal(bench)).toBe(
      `tail (process ${stranger.pid}) has it open: stop that one, or choose another file`,
    );
  });

  it("is another server's", async () => {
    await using bench = new Bench();
    await using other = new Bench();
    await other.open();
    bench.file = other.file;
    expect(await refusal(bench)).toBe("another server uses it: stop that one, or choose another file");
    expect(openError(sqliteError("full"), "table").message).toBe("the disk is full: make room");
    expect(openError(new StoreError("open", "as it says"), "table").message).toBe("as it says");
  });
});

describe("who has a file open", () => {
  const aProcess = (proc: string, pid: string, opens: readonly string[]): void => {
    mkdirSync(`${proc}/${pid}/fd`, { recursive: true });
    writeFileSync(`${proc}/${pid}/comm`, "gearmand\n");
    for (const [number, target] of opens.entries()) symlinkSync(target, `${proc}/${pid}/fd/${number}`);
  };

  it("is told by its name and number", async () => {
    await using folder = new Folder();
    const [file, proc] = [folder.file("queue"), folder.file("proc")];
    writeFileSync(file, "");
    mkdirSync(folder.file("else"));
    writeFileSync(folder.file("else/queue"), "");
    aProcess(proc, "7", [folder.file("other"), folder.file("else/queue"), folder.file("gone/queue")]);
    aProcess(proc, String(process.pid), [file]);
    aProcess(proc, "self", [file]);
    mkdirSync(`${proc}/9`);
    writeFileSync(`${proc}/7/fd/9`, "no link");
    expect(holderOf(file, proc)).toBeUndefined();
    aProcess(proc, "8", [file]);
    expect(holderOf(file, proc)).toBe("gearmand (process 8)");
    rmSync(file);
    expect(holderOf(file, proc)).toBeUndefined();
    expect(holderOf(folder.file("else/queue"), folder.file("no proc"))).toBeUndefined();
  });
});
