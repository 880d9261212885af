/** Check and dump. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openSqlite } from "../../src/store/sqlite/driver.ts";
import { inTransaction } from "../../src/store/sqlite/jobs-database.ts";
import { type Opening, openPlace } from "../../src/store/thread/opening.ts";
import { check, type Findings } from "../../src/store/tools/check.ts";
import { countRows, dump } from "../../src/store/tools/dump.ts";
import { type JobLine, printedLine } from "../../src/store/tools/job-line.ts";
import { openView } from "../../src/store/tools/view.ts";
import { Folder } from "../support/folder.ts";
import { aJob, overwrite, Queue, resultOf, rowOf, stateOf } from "./support.ts";

const { readOnly, hidden, full, meanwhile } = vi.hoisted(() => ({
  readOnly: { path: "" },
  hidden: { path: "" },
  full: { path: "" },
  meanwhile: { looked: () => {}, removing: () => {} },
}));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const accessSync: typeof fs.accessSync = (path, mode) => {
    if (path === readOnly.path) throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
    fs.accessSync(path, mode);
  };
  const existsSync: typeof fs.existsSync = (path) => {
    const exists = fs.existsSync(path);
    if (String(path).endsWith("-wal")) meanwhile.looked();
    return exists;
  };
  const rmSync: typeof fs.rmSync = (path, options) => {
    if (/-(wal|shm)$/.test(String(path))) meanwhile.removing();
    fs.rmSync(path, options);
  };
  const statSync = ((path: string, options: object) => {
    if (path === hidden.path) throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    return fs.statSync(path, options);
  }) as typeof fs.statSync;
  const statfsSync = (path: string) => ({
    ...fs.statfsSync(path),
    ...(path === full.path && { bavail: 15, bsize: 4096 }),
  });
  return { ...fs, accessSync, existsSync, rmSync, statSync, statfsSync };
});

const NOW = 1_000;

function checked(directory: string): Findings {
  const view = openView(directory);
  try {
    return resultOf(check(directory, view, NOW));
  } finally {
    view.close();
  }
}

function dumped(directory: string): JobLine[] {
  const view = openView(directory);
  try {
    expect(view.format).toBe(1);
    const lines = [...dump(view.db, NOW)];
    expect(countRows(view.db)).toBe(lines.length);
    return lines;
  } finally {
    view.close();
  }
}

/** A queue with one of each. */
function fill(queue: Queue): void {
  queue.put(
    aJob(1, { priority: 2 }),
    aJob(2, { priority: 0, reducer: "gather" }),
    aJob(3, { epoch: NOW + 1 }),
    aJob(4, { epoch: NOW }),
    aJob(5, { function: "caf\xe9", unique: "\xc3\xa9", workload: Buffer.from([0xff, 0]) }),
    aJob(6, { workload: Buffer.alloc(0) }),
  );
  queue.move(1, 7, 1);
  queue.move(2, 8, 3, true);
}

it("a dump has each job in one object, in the order in which they stand in line", async () => {
  await using queue = new Queue();
  fill(queue);
  const lines = dumped(queue.copy());
  expect(lines.map(({ row }) => row)).toEqual([3, 4, 5, 6, 1, 2]);
  expect(lines.map(({ state }) => state)).toEqual(["delayed", "waiting", "waiting", "waiting", "waiting", "dead"]);
  expect(lines.at(-1)).toEqual({
    row: 2,
    state: "dead",
    place: 8,
    retries: 3,
    handle: "H:here:2",
    function: "resize",
    unique: "u2",
    priority: "high",
    epoch: 0,
    reducer: "gather",
    size: 10,
    workload: "workload 2",
  });
});

it("bytes that are no text are base64 under a name of their own", async () => {
  await using queue = new Queue();
  fill(queue);
  const line = dumped(queue.copy()).find(({ row }) => row === 5);
  expect(line).toMatchObject({ functionBase64: "Y2Fm6Q==", unique: "é", workloadBase64: "/wA=" });
  expect(line).not.toHaveProperty("function");
  expect(line).not.toHaveProperty("workload");
});

it("a printed line is JSON of which a terminal acts on nothing", () => {
  const value = { text: "a\n\x1b\x7f\x9b\u2028\u202e\ufeffb" };
  const line = printedLine(value);
  expect(JSON.parse(line)).toEqual(value);
  expect(line).toMatch(/^[\x20-\x7e]+\n$/);
});

it("what is looked at stays as it is", async () => {
  await using queue = new Queue();
  fill(queue);
  const hot = queue.copy();
  queue.checkpoint();
  const cold = queue.copy();
  for (const directory of [hot, cold]) {
    const before = stateOf(directory);
    dumped(directory);
    checked(directory);
    expect(stateOf(directory)).toEqual(before);
  }
});

it("a check counts the jobs by function and priority", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  queue.put(aJob(7));
  const { bytes, ...findings } = checked(queue.copy());
  expect(findings).toEqual({
    sound: true,
    format: 1,
    total: { waiting: 5, delayed: 1, dead: 1, damaged: 0 },
    damaged: [],
    problems: [],
    jobs: [
      { functionBase64: "Y2Fm6Q==", priority: "normal", waiting: 1, delayed: 0, dead: 0 },
      { function: "resize", priority: "high", waiting: 0, delayed: 0, dead: 1 },
      { function: "resize", priority: "normal", waiting: 3, delayed: 1, dead: 0 },
      { function: "resize", priority: "low", waiting: 1, delayed: 0, dead: 0 },
    ],
  });
  expect(bytes).toMatchObject({ free: 0, ballast: 0 });
  expect(bytes.database % 4096).toBe(0);
  expect(bytes.log).toBeGreaterThan(4096);
});

it("rows that are not whole are named, with what can be read of them", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.exec("UPDATE job SET sum = sum + 1 WHERE id = 3; UPDATE job SET record = 'text' WHERE id = 4");
  queue.exec("UPDATE job SET record = x'ff' WHERE id = 5; UPDATE job SET fate = x'00' WHERE id = 6");
  const directory = queue.copy();
  const { sound, damaged, total } = checked(directory);
  expect(sound).toBe(false);
  expect(total).toEqual({ waiting: 1, delayed: 0, dead: 1, damaged: 4 });
  expect(damaged.map(({ row, handle, why }) => [row, handle, why])).toEqual([
    [3, "H:here:3", "its checksum is wrong"],
    [4, undefined, "its checksum is wrong"],
    [5, undefined, "its checksum is wrong"],
    [6, "H:here:6", "its checksum is wrong"],
  ]);
  expect(damaged[2]).toMatchObject({ recordBase64: "/w==" });
  expect(damaged[1]).toMatchObject({ fate: null, sum: expect.any(Number) });
  const states = dumped(directory).map(({ state }) => state);
  expect(states).toEqual(["damaged", "damaged", "damaged", "damaged", "waiting", "dead"]);
});

it("a record of a newer version is damage, and one with a priority that there is not says so", async () => {
  await using queue = new Queue();
  queue.put(aJob(1, { priority: 7 as 1 }));
  const newer = Buffer.from([9, 9]);
  const { table, db } = queue.opening;
  db.exec("BEGIN");
  table.insert([{ row: 2, place: 2, retries: 0, record: newer }]);
  db.exec("COMMIT");
  const [first, second] = dumped(queue.copy());
  expect(first).toMatchObject({ state: "waiting", priority: 7 });
  expect(second).toMatchObject({ state: "damaged", why: "it is no job, or one of a newer gearmand-ts" });
});

it("a number for handles that is gone, and a damaged tree, are told", async () => {
  await using queue = new Queue();
  queue.put(...Array.from({ length: 100 }, (_, at) => aJob(at + 1, { workload: Buffer.alloc(500) })));
  queue.checkpoint();
  const damaged = queue.copy();
  overwrite(damaged, 7 * 4096, Buffer.alloc(4096));
  expect(checked(damaged)).toMatchObject({
    sound: false,
    problems: [expect.stringMatching(/^after \d+ rows: .*malformed/)],
  });
  queue.exec("DELETE FROM meta");
  expect(checked(queue.copy())).toMatchObject({
    sound: false,
    damaged: [],
    problems: [expect.stringMatching(/reserved/)],
  });
});

it("what SQLite finds wrong is told, though each row is whole", async () => {
  await using queue = new Queue();
  queue.put(aJob(1), aJob(2));
  queue.checkpoint();
  const directory = queue.copy();
  // The table's only page, and in it the places of the two rows.
  const places = readFileSync(join(directory, "jobs.sqlite")).subarray(2 * 4096 + 8, 2 * 4096 + 12);
  overwrite(directory, 2 * 4096 + 8, places.swap32().swap16());
  expect(checked(directory)).toMatchObject({ sound: false, damaged: [], problems: [expect.stringMatching(/order/)] });
  expect(dumped(directory).map(({ state }) => state)).toContain("damaged");
});

it("an empty file is a queue that nothing was stored in yet", async () => {
  await using folder = new Folder();
  writeFileSync(folder.file("jobs.sqlite"), "");
  expect(checked(folder.path)).toMatchObject({ sound: true, format: 0, jobs: [] });
});

it.each([
  ["is empty in a directory that a server has used", () => {}, "ballast"],
  ["has no tables", (file: string) => openSqlite(file).exec("PRAGMA journal_mode=WAL; VACUUM"), "more"],
])("a file that %s is not sound: its log is missing", async (_what, prepare, beside) => {
  await using folder = new Folder();
  writeFileSync(folder.file("jobs.sqlite"), "");
  prepare(folder.file("jobs.sqlite"));
  writeFileSync(folder.file(beside), "");
  expect(checked(folder.path)).toMatchObject({
    sound: false,
    format: 0,
    problems: [expect.stringMatching(/^it has no tables: its log \(jobs.sqlite-wal\) is missing/)],
  });
});

it("rows that cannot be counted are none, for a bar", () => {
  const db = openSqlite(":memory:");
  expect(countRows(db)).toBe(0);
  db.close();
});

it("a directory in use, without a queue, of another program, of a newer version or cut off is refused with the remedy", async () => {
  await using queue = new Queue();
  queue.put(aJob(1));
  expect(() => openView(queue.path)).toThrow(/is in use: stop the server first/);

  expect(() => openView(queue.unused())).toThrow(/no queue in it .*--data-dir/);

  const cutOff = queue.copy();
  truncateSync(join(cutOff, "jobs.sqlite"), 0);
  const before = stateOf(cutOff);
  expect(() => openView(cutOff)).toThrow(/it is empty, and its log is not; gearmand-ts store salvage/);
  expect(stateOf(cutOff)).toEqual(before);

  const garbage = queue.unused();
  mkdirSync(garbage);
  writeFileSync(join(garbage, "jobs.sqlite"), "no database at all".repeat(100));
  expect(() => openView(garbage)).toThrow(/is damaged: .*gearmand-ts store salvage/);

  const folder = queue.unused();
  mkdirSync(join(folder, "jobs.sqlite"), { recursive: true });
  expect(() => openView(folder)).toThrow(/cannot be opened: /);

  const others = queue.unused();
  mkdirSync(others);
  openSqlite(join(others, "jobs.sqlite")).exec("CREATE TABLE cooking (recipe)");
  expect(() => openView(others)).toThrow(/another program/);

  queue.exec("PRAGMA user_version = 99");
  expect(() => openView(queue.copy())).toThrow(/newer gearmand-ts \(format 99/);
});

it("a directory that cannot be written to is refused: SQLite could not look", async () => {
  await using queue = new Queue();
  readOnly.path = queue.copy();
  expect(() => openView(readOnly.path)).toThrow(/cannot be written to: .*look at a copy/);
});

/** To be put into `meanwhile`: does something once. */
const once = (work: () => void): (() => void) => {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
};

/** A server starts on the directory and stores a job. */
function startOn(directory: string): Opening {
  const opening = openPlace({ kind: "directory", path: directory }, "off");
  inTransaction(opening.db, () => opening.table.insert([rowOf(aJob(9))]));
  return opening;
}

it("the log of a server that starts while the look begins stays", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  rmSync(join(directory, "jobs.sqlite-wal"), { force: true });
  let server: Opening | undefined;
  meanwhile.looked = once(() => {
    server = startOn(directory);
  });
  expect(() => openView(directory)).toThrow(/is in use/);
  expect(statSync(join(directory, "jobs.sqlite-wal")).size).toBeGreaterThan(0);
  server?.db.close();
});

it("no server starts before a look has tidied up behind itself", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  rmSync(join(directory, "jobs.sqlite-wal"), { force: true });
  const view = openView(directory);
  const refusals: string[] = [];
  meanwhile.removing = once(() => {
    try {
      startOn(directory).db.close();
    } catch (error) {
      refusals.push(String(error));
    }
  });
  view.close();
  expect(refusals).toEqual([expect.stringMatching(/another server uses it/)]);
  expect(readdirSync(directory).filter((name) => name !== "ballast")).toEqual(["jobs.sqlite"]);
});

it("a directory that may not be looked into is not said to have no queue", async () => {
  await using queue = new Queue();
  const copy = queue.copy();
  hidden.path = join(copy, "jobs.sqlite");
  expect(() => openView(copy)).toThrow(/may not be looked into: run this as its owner/);
  hidden.path = "";
});

it("on a disk without room for SQLite's index, the disk is named, and nothing is left behind", async () => {
  await using queue = new Queue();
  const copy = queue.copy();
  const before = readdirSync(copy);
  full.path = copy;
  expect(() => openView(copy)).toThrow(/: the disk is full: make room, or look at a copy on another disk$/);
  full.path = "";
  expect(readdirSync(copy)).toEqual(before);
});
