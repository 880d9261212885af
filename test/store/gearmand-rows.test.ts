import { describe, expect, it, vi } from "vitest";
import { onSmallDisk } from "./faults.ts";
import { ABOUT, Bench, bytes, DDL, TABLE } from "./gearmand-bench.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

onSmallDisk();

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
