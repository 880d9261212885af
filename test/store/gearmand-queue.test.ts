/** gearmand's queue as `gearmand-ts import` reads it. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { GearmandQueue } from "../../src/store/tools/gearmand-queue.ts";
import { Queue } from "../store-tools/support.ts";
import { freeze } from "../support/stranger.ts";
import { onSmallDisk } from "./faults.ts";
import { ABOUT, Bench, bytes, DDL, TABLE } from "./gearmand-bench.ts";

const readOnly = vi.hoisted(() => ({ path: "" }));

vi.mock("node:fs", async (original) => {
  const fs = (await import("./faults.ts")).faultyFs(await original());
  const accessSync: typeof fs.accessSync = (path, mode) => {
    if (path === readOnly.path) throw Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
    fs.accessSync(path, mode);
  };
  return { ...fs, accessSync };
});

onSmallDisk();

const read = (bench: Bench): string[] => {
  const queue = new GearmandQueue(bench.file, bench.table, false);
  try {
    return [...queue.rows(queue.ids())].map(
      ({ id, job, retries }) => `${id} ${job?.function}/${job?.unique}/${job?.workload ?? "none"} ${retries}`,
    );
  } finally {
    queue.close();
  }
};

it("reads what gearmand has written, of every age", async () => {
  await using bench = new Bench();
  bench.sql(DDL.replace(" when_to_run INTEGER,", ""));
  bench.sql(`INSERT INTO ${TABLE} VALUES ('u', 'f', 1, NULL), ('v', 'f', 9, x'77')`);
  expect(read(bench)).toEqual(["1 f/u/ 0", "2 undefined/undefined/none 0"]);
  bench.sql(`ALTER TABLE ${TABLE} ADD COLUMN when_to_run INTEGER`);
  expect(read(bench)).toEqual(["1 f/u/ 0", "2 undefined/undefined/none 0"]);
});

it("reads what gearmand-ts has written, by place in line, and what gearmand wrote between", async () => {
  await using bench = new Bench();
  await bench.open();
  const a = await bench.put({ unique: "a" });
  await bench.put({ unique: "", reducer: "r" });
  await bench.put({ unique: "c" });
  a.retries = 1;
  bench.store.retried(a);
  bench.store.bury(await bench.put({ unique: "d" }));
  await bench.store.close();
  bench.write("g", "f", 1, bytes("w"), 0);
  bench.sql(`UPDATE ${ABOUT} SET sum = 1 WHERE id = 3`);
  expect(read(bench)).toEqual(["2 f//load 0", "3 undefined/undefined/none 0", "1 f/a/load 1", "4 f/g/w 0"]);
  bench.copy();
  const queue = new GearmandQueue(bench.file, TABLE, true);
  expect(queue.dead).toBe(1);
  queue.remove([2, 1]);
  queue.close();
  bench.copy();
  expect(read(bench)).toEqual(["3 undefined/undefined/none 0", "4 f/g/w 0"]);
});

it("leaves what is damaged in what gearmand-ts knows", async () => {
  await using bench = new Bench();
  await bench.open();
  await bench.put({ unique: "a" });
  await bench.store.close();
  bench.sql(`UPDATE ${ABOUT} SET record = x'09'`);
  bench.sql(`INSERT INTO ${TABLE} (rowid, unique_key, function_name, priority, data, when_to_run)
    VALUES (4611686018427387905, 'b', 'f', 1, x'77', 0)`);
  expect(read(bench).map((line) => line.replace(/^\d+/, ""))).toEqual(Array(2).fill(" undefined/undefined/none 0"));
});

it("has no dead where gearmand-ts never was", async () => {
  await using bench = new Bench();
  bench.sql(DDL);
  const queue = new GearmandQueue(bench.file, TABLE, false);
  expect(queue.dead).toBe(0);
  queue.close();
});

it("is a copy's where SQLite cannot read it in place", async () => {
  await using bench = new Bench();
  writeFileSync(bench.file, "no database ".repeat(100));
  expect(() => read(bench)).toThrow(/it is no SQLite database: choose another file$/);
  readOnly.path = bench.folder.path;
  expect(() => read(bench)).toThrow(
    `its directory cannot be written to: copy the file, and ${bench.file}-wal if there is one, to a directory where you may write`,
  );
  bench.file = bench.folder.file("none");
  expect(() => read(bench)).toThrow("there is no such file");
  readOnly.path = "";
});

it("is none of a data directory's, and neither is a server's with -q", async () => {
  await using queue = new Queue();
  await using bench = new Bench();
  /** Another copy each time: on Node 20 the driver lets go of its lock late. */
  const refused = (): string => {
    const directory = queue.copy();
    bench.file = join(directory, "jobs.sqlite");
    return `Could not open the queue ${bench.file}: it is the queue of a data directory, and none of gearmand's: gearmand-ts --data-dir ${directory} takes it as it is`;
  };
  const ofImport = refused();
  expect(() => read(bench)).toThrow(ofImport);
  const ofServer = refused();
  await expect(bench.open()).rejects.toThrow(ofServer);
});

it("is not made where there is none, nor used beside others", async () => {
  await using bench = new Bench();
  expect(() => read(bench)).toThrow(
    `Could not open the queue ${bench.file}: there is no such file: name gearmand's with --libsqlite3-db`,
  );
  expect(existsSync(bench.file)).toBe(false);
  await bench.open();
  expect(() => read(bench)).toThrow("another server uses it: stop that one, or choose another file");
  await bench.store.close();
  bench.table = "another";
  bench.copy();
  expect(() => read(bench)).toThrow("it has no table another: --libsqlite3-table names the table");
  await using stranger = await freeze(bench.file);
  expect(() => read(bench)).toThrow(`tail (process ${stranger.pid}) has it open: stop that one first`);
});
