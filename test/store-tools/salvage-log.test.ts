/** Salvage of a directory whose log is damaged, or holds all there is. */
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FRAME, fill, range, salvaged } from "./salvaging.ts";
import { aJob, overwrite, Queue } from "./support.ts";

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

it("with a damaged head of the log all rows are copied, and the damage is said", async () => {
  await using queue = new Queue();
  fill(queue);
  const directory = queue.copy();
  overwrite(directory, 12, Buffer.alloc(12, 0xee), "jobs.sqlite-wal");
  const { ids, result } = salvaged(queue, directory);
  expect([ids, result.damagedFrames]).toEqual([range(1, 400), 1]);
  truncateSync(join(directory, "jobs.sqlite-wal"), 40);
  expect(salvaged(queue, directory).result).toMatchObject({ jobs: 200, damagedFrames: 1 });
});

it("damage in the last commit of the log is said", async () => {
  await using queue = new Queue();
  fill(queue);
  const directory = queue.copy();
  const size = statSync(join(directory, "jobs.sqlite-wal")).size;
  overwrite(directory, size - 100, Buffer.from("damage"), "jobs.sqlite-wal");
  expect(salvaged(queue, directory).result).toMatchObject({ jobs: 200, damagedFrames: 1 });
});

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
