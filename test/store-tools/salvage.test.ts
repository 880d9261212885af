/** Salvage: what is copied is right, what is lost is said, and the old directory stays as it is. */

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/store/sqlite/driver.ts";
import { NewQueue } from "../../src/store/tools/new-queue.ts";
import { Pages } from "../../src/store/tools/raw-pages.ts";
import { type Salvaged, salvage } from "../../src/store/tools/salvage.ts";
import { aJob, overwrite, Queue, resultOf, stateOf } from "./support.ts";

const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
afterAll(() => console.log(`salvage: SEED=${SEED}`));

const PAGE = 4096;
const FRAME = 24 + PAGE;

type RowState = readonly [id: unknown, record: string, fate: unknown, sum: unknown];

/** The rows in a copy, by SQLite. */
function rowsIn(directory: string): RowState[] {
  const db = openSqlite(join(directory, "jobs.sqlite"));
  const rows = db.prepare("SELECT id, record, fate, sum FROM job ORDER BY id").all();
  db.close();
  return rows.map(({ id, record, fate, sum }) => [id, Buffer.from(record as Uint8Array).toString("latin1"), fate, sum]);
}

const numbersIn = (directory: string): unknown =>
  openSqlite(join(directory, "jobs.sqlite")).prepare("SELECT value FROM meta").get()?.["value"];

interface Outcome {
  readonly result: Salvaged;
  readonly rows: readonly RowState[];
  readonly ids: readonly unknown[];
  readonly target: string;
  /** The lines of damaged.jsonl. */
  readonly remarks: readonly Record<string, unknown>[];
}

function salvaged(queue: Queue, directory: string): Outcome {
  const before = stateOf(directory);
  const target = queue.unused();
  const result = resultOf(salvage(directory, target, 0));
  expect(stateOf(directory)).toEqual(before);
  const remains = join(target, "damaged.jsonl");
  const lines = existsSync(remains) ? readFileSync(remains, "utf8").trimEnd().split("\n") : [];
  const rows = rowsIn(target);
  expect(result.jobs).toBe(rows.length);
  return { result, rows, ids: rows.map(([id]) => id), target, remarks: lines.map((line) => JSON.parse(line)) };
}

const NOTHING_LOST = { uncertain: 0, damaged: 0, losses: 0, damagedFrames: 0 };

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

/** Enough for a branch above the leaves, some of it in the log. */
function fill(queue: Queue, jobs = 400): void {
  queue.put(...range(1, jobs / 2).map((row) => aJob(row, { workload: Buffer.alloc(100, "w") })));
  queue.checkpoint();
  queue.put(...range(jobs / 2 + 1, jobs).map((row) => aJob(row, { workload: Buffer.alloc(100, "w") })));
}

describe("of a sound directory", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ put: fc.array(fc.nat(20_000), { minLength: 1, maxLength: 30 }) }) },
    { weight: 2, arbitrary: fc.record({ remove: fc.nat(), most: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ move: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant("checkpoint" as const) },
    { weight: 1, arbitrary: fc.constant("vacuum" as const) },
  );

  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  function play(queue: Queue, steps: readonly Step[]): void {
    let last = 0;
    const rows: number[] = [];
    for (const one of steps) {
      if (one === "checkpoint") queue.checkpoint();
      else if (one === "vacuum") queue.exec("PRAGMA incremental_vacuum(20)");
      else if ("put" in one) {
        const jobs = one.put.map((size) => aJob(++last, { workload: Buffer.alloc(size, `${last}`) }));
        queue.put(...jobs);
        rows.push(...jobs.map(({ row }) => row));
      } else if ("remove" in one) queue.remove(...rows.splice(one.remove % (rows.length + 1), one.most));
      else queue.move(rows[one.move % (rows.length + 1)] ?? 0, ++last, 1);
    }
  }

  it("every row is copied, and no row that was removed", { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      await using queue = new Queue();
      play(queue, steps);
      const { result, rows } = salvaged(queue, queue.copy());
      expect(result).toEqual({ ...NOTHING_LOST, jobs: rows.length, numbers: 1_000_000 });
      expect(rows).toEqual(rowsIn(queue.copy()));
    });
    await fc.assert(property, { numRuns: 25, seed: SEED });
  });

  it("the new one has the numbers of the old one, and no list of damage", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.exec("UPDATE meta SET value = 7000000 WHERE name = 'numbers'");
    const { target, result } = salvaged(queue, queue.copy());
    expect(numbersIn(target)).toBe(7_000_000);
    expect(result.numbers).toBe(7_000_000);
    expect(readdirSync(target)).toEqual(["jobs.sqlite"]);
    expect(statSync(target).mode & 0o777).toBe(0o700);
    expect(statSync(join(target, "jobs.sqlite")).mode & 0o777).toBe(0o600);
  });
});

describe("of a damaged directory", () => {
  it("a row whose checksum is wrong is not copied, but named, with what can be read of it", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.exec("UPDATE job SET sum = 5 WHERE id = 7");
    const { result, ids, remarks } = salvaged(queue, queue.copy());
    expect(result).toMatchObject({ ...NOTHING_LOST, damaged: 1, jobs: 399 });
    expect(ids).not.toContain(7);
    expect(remarks).toEqual([
      expect.objectContaining({ row: 7, state: "damaged", handle: "H:here:7", function: "resize" }),
    ]);
  });

  it.each([
    ["the first page", 1],
    ["the map of pages", 2],
    ["the branch above all rows", 3],
    ["the page of numbers", 4],
  ])("without %s all rows are copied", async (_what, page) => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    overwrite(directory, (page - 1) * PAGE, Buffer.alloc(PAGE, 0xee));
    const { ids, target } = salvaged(queue, directory);
    expect(ids).toEqual(range(1, 400));
    expect(numbersIn(target)).toBe(page === 4 ? 1_000_400 : 1_000_000);
  });

  it("with a first page of zeros, without a log, all rows are copied", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    rmSync(join(directory, "jobs.sqlite-wal"));
    overwrite(directory, 0, Buffer.alloc(PAGE));
    expect(salvaged(queue, directory).ids).toEqual(range(1, 400));
  });

  it("without the names of tables, or the rows of numbers, all rows are copied", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    for (const page of [1, 4]) overwrite(directory, page * PAGE - 400, Buffer.alloc(400, 0xff));
    const { ids, target } = salvaged(queue, directory);
    expect(ids).toEqual(range(1, 400));
    expect(numbersIn(target)).toBe(1_000_400);
  });

  it("what follows the end of the database is not read", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    appendFileSync(join(directory, "jobs.sqlite"), Buffer.alloc(2 * PAGE, 0xee));
    expect(salvaged(queue, directory).result).toEqual({ ...NOTHING_LOST, jobs: 400, numbers: 1_000_000 });
  });

  it("a file too short to be anything gives nothing", async () => {
    await using queue = new Queue();
    const directory = queue.unused();
    mkdirSync(directory);
    writeFileSync(join(directory, "jobs.sqlite"), "short");
    expect(salvaged(queue, directory).rows).toEqual([]);
  });

  it("numbers of any size are read as SQLite reads them", async () => {
    await using queue = new Queue();
    const numbers = [0, 1, 127, -1, 32_767, -8_388_608, 2 ** 31 - 1, 2 ** 47 - 1, 2 ** 52, 1.5];
    queue.put(...numbers.map((_, at) => aJob(at + 1)));
    for (const [at, number] of numbers.entries()) queue.exec(`UPDATE job SET sum = ${number} WHERE id = ${at + 1}`);
    const { remarks } = salvaged(queue, queue.copy());
    expect(remarks.map(({ sum }) => sum)).toEqual(numbers);
  });

  it("a handle without a number is kept as it is", async () => {
    await using queue = new Queue();
    queue.put(aJob(1, { handle: "by hand" }));
    expect(salvaged(queue, queue.copy()).result).toMatchObject({ jobs: 1, numbers: 1_000_000 });
  });

  it("without a leaf only its rows are lost", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    overwrite(directory, 7 * PAGE, Buffer.alloc(PAGE, 0xee));
    const { ids, result, remarks } = salvaged(queue, directory);
    expect(result.losses).toBe(1);
    expect(remarks).toEqual([{ state: "lost", page: 8, what: "a damaged page" }]);
    expect(ids.length).toBeGreaterThan(400 - 30);
    expect(ids.length).toBeLessThan(400);
  });

  it("a leaf whose head is damaged gives its whole rows all the same", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.exec("UPDATE job SET sum = 0 WHERE id = 100");
    queue.checkpoint();
    const directory = queue.copy();
    overwrite(directory, leafOf(directory, 100) * PAGE, Buffer.alloc(40, 0xee));
    const { ids, result, remarks } = salvaged(queue, directory);
    expect(ids).toEqual(range(1, 400).filter((id) => id !== 100));
    expect(result.uncertain).toBeGreaterThan(10);
    expect(remarks).toContainEqual(expect.objectContaining({ copied: "uncertain", state: "waiting" }));
  });

  it("a leaf that says a row is beyond its end gives its rows all the same", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    overwrite(directory, leafOf(directory, 100) * PAGE + 8, Buffer.from([0xff, 0xff]));
    const { ids, result } = salvaged(queue, directory);
    expect(ids).toEqual(range(1, 400));
    expect(result).toMatchObject({ losses: 1, damaged: 0 });
  });

  it("a leaf in which one row cannot be read gives the others", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    const pages = new Pages(directory);
    const place = pages.read(8)?.readUInt16BE(8 + 2 * 3) ?? 0;
    pages.close();
    overwrite(directory, 7 * PAGE + place, Buffer.alloc(20, 0xff));
    const { ids, result, remarks } = salvaged(queue, directory);
    expect(ids).toHaveLength(399);
    expect(result).toMatchObject({ uncertain: 0, losses: 1 });
    expect(remarks).toEqual([{ state: "lost", page: 8, what: `a damaged row at byte ${place}` }]);
  });

  it("a workload that goes on in a damaged page, or beyond the end of the file, is not copied", async () => {
    await using queue = new Queue();
    queue.put(aJob(1), aJob(2, { workload: Buffer.alloc(50_000, "x") }), aJob(3));
    queue.checkpoint();
    const directory = queue.copy();
    truncateSync(join(directory, "jobs.sqlite"), 14 * PAGE);
    const { ids, remarks } = salvaged(queue, directory);
    expect(ids).toEqual([1, 3]);
    expect(remarks).toEqual([expect.objectContaining({ row: 2, state: "damaged", handle: "H:here:2" })]);
  });

  it("a file that ends in the middle of a page gives what is before", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.checkpoint();
    const directory = queue.copy();
    const size = statSync(join(directory, "jobs.sqlite")).size;
    truncateSync(join(directory, "jobs.sqlite"), size - 100);
    const { ids, remarks } = salvaged(queue, directory);
    expect(ids.length).toBeGreaterThan(360);
    expect(remarks).toEqual([{ state: "lost", page: size / PAGE, what: "a page that cannot be read" }]);
  });

  it("a database that was cut to nothing gives what is in its log", async () => {
    await using queue = new Queue();
    queue.put(...range(1, 50).map((row) => aJob(row)));
    const directory = queue.copy();
    truncateSync(join(directory, "jobs.sqlite"), 0);
    expect(salvaged(queue, directory).ids).toEqual(range(1, 50));
  });

  it("what was committed after a damaged place of the log is copied, and the damage is said", async () => {
    await using queue = new Queue();
    fill(queue);
    for (const row of range(401, 420)) queue.put(aJob(row));
    const directory = queue.copy();
    overwrite(directory, 32 + 3 * FRAME + 500, Buffer.from("damage"), "jobs.sqlite-wal");
    const { ids, result } = salvaged(queue, directory);
    expect(result.damagedFrames).toBe(1);
    expect(ids).toEqual(expect.arrayContaining(range(401, 420)));
  });

  it("what was begun and not committed at the end of the log is not copied", async () => {
    await using queue = new Queue();
    fill(queue);
    const directory = queue.copy();
    const log = join(directory, "jobs.sqlite-wal");
    const size = statSync(log).size;
    truncateSync(log, size - FRAME);
    expect(salvaged(queue, directory).ids).toEqual(range(1, 200));
    appendFileSync(log, Buffer.alloc(FRAME));
    expect(salvaged(queue, directory).result).toMatchObject({ jobs: 200, damagedFrames: 0 });
  });

  it("a log in the other order of bytes is read, too", async () => {
    await using queue = new Queue();
    fill(queue);
    const directory = queue.copy();
    const log = join(directory, "jobs.sqlite-wal");
    writeFileSync(log, inOtherOrder(readFileSync(log)));
    expect(salvaged(queue, directory).ids).toEqual(range(1, 400));
  });

  it("rows in pages of which it is not known whether they are in use are copied, and named", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.put(aJob(401, { workload: Buffer.alloc(30_000, 1) }));
    queue.checkpoint();
    const directory = queue.copy();
    // Without map and branch nothing says that the leaves are in use.
    for (const page of [2, 3]) overwrite(directory, (page - 1) * PAGE, Buffer.alloc(PAGE, 0xee));
    const { ids, result, remarks } = salvaged(queue, directory);
    expect(ids).toEqual(range(1, 401));
    expect(result.uncertain).toBe(401);
    expect(remarks).toContainEqual(expect.objectContaining({ row: 9, copied: "uncertain" }));
  });

  it("jobs that were done do not come back from pages that were given up", async () => {
    await using queue = new Queue();
    fill(queue);
    queue.remove(...range(1, 350));
    queue.checkpoint();
    expect(salvaged(queue, queue.copy()).ids).toEqual(range(351, 400));
  });

  it.each([
    ["before", [9, 12]],
    ["after", [12, 9]],
  ])("of two versions of a row the later one is kept, whether it comes %s the other", async (_when, places) => {
    await using queue = new Queue();
    const target = queue.unused();
    const made = new NewQueue(target);
    for (const place of places) made.put(5, Buffer.from(`${place}`), JSON.stringify({ place }), 0);
    made.put(5, Buffer.from("oldest"), null, 0);
    expect(made.finish(0)).toBe(1);
    made.close();
    expect(rowsIn(target)).toEqual([[5, "12", '{"place":12}', 0]]);
  });

  it("whatever is overwritten, nothing is copied that was never stored", { timeout: 120_000 }, async () => {
    await using queue = new Queue();
    fill(queue);
    queue.move(3, 401, 2);
    queue.put(aJob(402, { workload: Buffer.alloc(30_000, "long") }));
    queue.remove(...range(100, 130));
    const known = new Set(rowsIn(queue.copy()).map((row) => JSON.stringify(row)));
    // Rows as they were before may come back when the log is damaged.
    const early = new Set(range(1, 130).map(String));
    const place = fc.record({
      log: fc.boolean(),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (places) => {
        const directory = queue.copy();
        for (const { log, at, bytes } of places) {
          const name = log ? "jobs.sqlite-wal" : "jobs.sqlite";
          overwrite(directory, Math.floor(at * statSync(join(directory, name)).size), bytes, name);
        }
        const { rows, target } = salvaged(queue, directory);
        for (const row of rows) expect(known.has(JSON.stringify(row)) || early.has(String(row[0]))).toBe(true);
        for (const path of [directory, target]) rmSync(path, { recursive: true });
      }),
      { numRuns: 40, seed: SEED },
    );
  });
});

describe("it refuses", () => {
  it("a directory in use, one without a queue, and to write into either", async () => {
    await using queue = new Queue();
    fill(queue);
    const [copy, target] = [queue.copy(), queue.unused()];
    const attempt = (from: string, to: string) => () => resultOf(salvage(from, to, 0));
    expect(attempt(queue.path, target)).toThrow(/is in use: stop the server first/);
    expect(attempt(queue.unused(), target)).toThrow(/has no queue in it/);
    expect(attempt(copy, join(copy, "inside"))).toThrow(/which stays as it is/);
    expect(attempt(copy, `${copy}/`)).toThrow(/which stays as it is/);
    mkdirSync(target);
    writeFileSync(join(target, "mine"), "");
    expect(attempt(copy, target)).toThrow(/is not empty/);
    expect(readdirSync(target)).toEqual(["mine"]);
  });

  it("a directory that changes meanwhile; the new one is left empty", async () => {
    await using queue = new Queue();
    fill(queue);
    const [copy, target] = [queue.copy(), queue.unused()];
    const work = salvage(copy, target, 0);
    work.next();
    expect(readdirSync(target).sort()).toEqual(["damaged.jsonl", "jobs.sqlite.part"]);
    appendFileSync(join(copy, "jobs.sqlite-wal"), "more");
    expect(() => resultOf(work)).toThrow(/has changed while it was read/);
    expect(readdirSync(target)).toEqual([]);
  });
});

it("a page of a file that is closed cannot be read", async () => {
  await using queue = new Queue();
  fill(queue);
  const pages = new Pages(queue.copy());
  expect(pages.read(1)).toBeDefined();
  pages.close();
  expect(pages.read(1)).toBeUndefined();
});

/** In which page, counted from 0, that row is. */
function leafOf(directory: string, row: number): number {
  const pages = new Pages(directory);
  const handle = `H:here:${row}`;
  const page = range(1, pages.count).findIndex((number) => pages.read(number)?.includes(`${handle}u`));
  pages.close();
  return page;
}

/** The log as a machine with the other order of bytes would write it. */
function inOtherOrder(log: Buffer): Buffer {
  const copy = Buffer.from(log);
  let sums: [number, number] = [0, 0];
  const add = (bytes: Buffer): void => {
    for (let at = 0; at < bytes.length; at += 8) {
      const first = (sums[0] + bytes.readUInt32BE(at) + sums[1]) >>> 0;
      sums = [first, (sums[1] + bytes.readUInt32BE(at + 4) + first) >>> 0];
    }
  };
  const seal = (at: number): void => {
    copy.writeUInt32BE(sums[0], at);
    copy.writeUInt32BE(sums[1], at + 4);
  };
  copy.writeUInt32BE(0x377f0683, 0);
  add(copy.subarray(0, 24));
  seal(24);
  for (let at = 32; at + FRAME <= copy.length; at += FRAME) {
    add(copy.subarray(at, at + 8));
    add(copy.subarray(at + 24, at + FRAME));
    seal(at + 16);
  }
  return copy;
}
