/** Salvage of a damaged database: what is copied is right, and what is lost is said. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Pages } from "../../src/store/tools/raw-pages.ts";
import { isWhole } from "../../src/store/tools/salvage.ts";
import { fill, leafOf, NOTHING_LOST, numbersIn, PAGE, range, salvaged } from "./salvaging.ts";
import { aJob, overwrite, Queue } from "./support.ts";

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
  const { ids, result, target } = salvaged(queue, directory);
  expect(ids).toEqual(range(1, 400));
  expect(isWhole(result)).toBe(false);
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

it("what follows the end of the database is told", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  appendFileSync(join(directory, "jobs.sqlite"), Buffer.alloc(2 * PAGE, 0xee));
  expect(salvaged(queue, directory)).toMatchObject({
    ids: range(1, 400),
    result: { problems: [expect.stringMatching(/^its size is not what it says: it has \d+ pages, and says \d+$/)] },
  });
});

it.each([
  ["a file too short to be anything", "short"],
  ["a file of something else", "no queue".repeat(PAGE)],
])("%s gives nothing, which is said", async (_what, text) => {
  await using queue = new Queue();
  const directory = queue.unused();
  mkdirSync(directory);
  writeFileSync(join(directory, "jobs.sqlite"), text);
  const { rows, result } = salvaged(queue, directory);
  expect(rows).toEqual([]);
  expect(result.problems).toEqual([expect.stringMatching(/^it does not begin as a queue of gearmand-ts does/)]);
});

it("a file that was cut between two pages gives what is before, and that it was cut is said", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  const pages = statSync(join(directory, "jobs.sqlite")).size / PAGE;
  truncateSync(join(directory, "jobs.sqlite"), 10 * PAGE);
  const { ids, result } = salvaged(queue, directory);
  expect(ids.length).toBeGreaterThan(50);
  expect(result).toMatchObject({
    problems: [expect.stringContaining(`of its ${pages} pages ${pages - 10} are`)],
  });
});

it.each([
  ["the size of a page", 16, [0x20, 0]],
  ["how many pages there are", 28, [0, 0, 0, 3]],
  ["who wrote it", 68, [1, 2, 3, 4]],
])("if it says wrongly %s, all rows are copied", async (_what, at, bytes) => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  overwrite(directory, at, Buffer.from(bytes));
  const { ids, result } = salvaged(queue, directory);
  expect(ids).toEqual(range(1, 400));
  expect(result).toMatchObject({ ...NOTHING_LOST, problems: [expect.any(String)] });
});

it("if a newer gearmand-ts has written it, it is said that its rows may not be understood", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.exec("PRAGMA user_version = 9");
  const { ids, result } = salvaged(queue, queue.copy());
  expect(ids).toEqual(range(1, 400));
  expect(result.problems).toEqual([
    "it was written by a newer gearmand-ts, whose rows this one may not understand (format 9, known up to 1): use that one",
  ]);
});

it.each([
  ["fewer rows than it has", 3, [0, 1], "a page with room of which nothing tells"],
  ["one row twice", 8, "next", "a page with room of which nothing tells"],
  ["that it is a branch", 0, [5], "a damaged page"],
  ["that it is one of numbers", 0, [10], "a damaged page"],
] as const)("a leaf that says %s gives its rows all the same, and is named", async (_what, at, bytes, what) => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  const page = leafOf(directory, 100);
  const place = page * PAGE;
  const second = readFileSync(join(directory, "jobs.sqlite")).subarray(place + 10, place + 12);
  overwrite(directory, place + at, bytes === "next" ? second : Buffer.from(bytes));
  const { ids, remarks } = salvaged(queue, directory);
  expect(ids).toEqual(range(1, 400));
  expect(remarks).toContainEqual({ state: "lost", page: page + 1, what });
});

it("a leaf that the map calls free, and the tree does not, gives its rows, which are not certain", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.checkpoint();
  const directory = queue.copy();
  overwrite(directory, PAGE + 5 * (leafOf(directory, 100) - 2), Buffer.from([2]));
  const { ids, result } = salvaged(queue, directory);
  expect(ids).toEqual(range(1, 400));
  expect(result.uncertain).toBeGreaterThan(10);
});

it("numbers that are not there are told", async () => {
  await using queue = new Queue();
  fill(queue);
  queue.exec("DELETE FROM meta");
  const { ids, result } = salvaged(queue, queue.copy());
  expect(ids).toEqual(range(1, 400));
  expect(result.problems).toEqual(["up to where numbers of handles are reserved is not known"]);
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

it("a page of a file that is closed cannot be read", async () => {
  await using queue = new Queue();
  fill(queue);
  const pages = new Pages(queue.copy());
  expect(pages.read(1)).toBeDefined();
  pages.close();
  expect(pages.read(1)).toBeUndefined();
});
