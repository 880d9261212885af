/** Salvage of what chance has damaged. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { isWhole } from "../../src/store/tools/salvage.ts";
import { FRAME, fill, range, rowsIn, salvaged } from "./salvaging.ts";
import { aJob, overwrite, Queue } from "./support.ts";

const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
afterAll(() => console.log(`salvage-chance: SEED=${SEED}`));

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

it("wherever it is damaged, all rows are copied, or it is said that they may not be", {
  timeout: 120_000,
}, async () => {
  await using queue = new Queue();
  fill(queue);
  queue.move(3, 401, 2);
  queue.put(aJob(402, { workload: Buffer.alloc(30_000, "long") }));
  queue.remove(...range(100, 130));
  const hot = queue.copy();
  queue.checkpoint();
  const cold = queue.copy();
  const rows = rowsIn(queue.copy());
  const flip = fc.record({
    inLog: fc.boolean(),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    bit: fc.nat(7),
  });
  const property = fc.property(flip, ({ inLog, at, bit }) => {
    const directory = queue.copyOf(inLog ? hot : cold);
    const name = inLog ? "jobs.sqlite-wal" : "jobs.sqlite";
    const file = join(directory, name);
    // That the last commit is there is only known by its last frame.
    const position = Math.floor(at * (statSync(file).size - (inLog ? FRAME : 0)));
    overwrite(directory, position, Buffer.from([(readFileSync(file)[position] ?? 0) ^ (1 << bit)]), name);
    const { rows: copied, result, target } = salvaged(queue, directory);
    if (isWhole(result)) expect(copied).toEqual(rows);
    for (const path of [directory, target]) rmSync(path, { recursive: true });
  });
  fc.assert(property, { numRuns: Number(process.env["RUNS"] ?? 150), seed: SEED });
});
