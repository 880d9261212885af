/** Salvage of a sound directory, and what it refuses: the old directory stays as it is. */
import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { NewQueue } from "../../src/store/tools/new-queue.ts";
import { isWhole, salvage } from "../../src/store/tools/salvage.ts";
import { fill, NOTHING_LOST, numbersIn, rowsIn, salvaged } from "./salvaging.ts";
import { aJob, Queue, resultOf } from "./support.ts";

const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
afterAll(() => console.log(`salvage: SEED=${SEED}`));

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
      expect(isWhole(result)).toBe(true);
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
    expect(attempt(copy, "/proc/nowhere/new")).toThrow(/^\/proc\/nowhere\/new cannot be made: /);
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
