import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { faults, lastDatabase, mend } from "./faults.ts";
import { aRecord, IO_ERROR, sqliteError } from "./support.ts";
import { Workshop } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

beforeEach(() => {
  faults.disk = { size: 2 ** 20, free: 2 ** 30 };
});

afterEach(() => {
  mend();
});

async function openShop(): Promise<Workshop> {
  const shop = new Workshop();
  await shop.open();
  return shop;
}

/** Somebody changes the database behind the store's back. */
const damage = (sql: string): void => lastDatabase()?.exec(sql);

test("jobs come back with all they were stored with, in the order they are to run", async () => {
  await using shop = await openShop();
  const odd = {
    function: "a\x00\xff",
    unique: "\xe4",
    reducer: "r",
    priority: 2,
    epoch: 2 ** 62,
    workload: Buffer.alloc(0),
  } as const;
  const jobs = await shop.putAll(40, odd);
  const [first, second, third, ...rest] = jobs.map((job, n) => ({ ...job, retries: n < 3 ? n + 1 : 0 }));
  if (first === undefined || second === undefined || third === undefined) return expect.fail();
  shop.store.retried(second);
  shop.store.retried(first);
  shop.store.bury(third);
  await shop.reopen();
  expect(shop.restored).toEqual([...rest, second, first]);
  expect(shop.store.stats).toMatchObject({ recovered: 39, dead: 1, damaged: 0 });
  const numbers = [shop.store.nextNumber(), await shop.reopen(), shop.store.nextNumber()];
  expect(numbers).toEqual([1_000_001, [], 2_000_001]);
  expect(shop.put().row).toBe(44);
  await shop.store.close();
});

test("a job that ran before it was stored comes back with its retries, where it was put", async () => {
  await using shop = await openShop();
  shop.put({ retries: 2 });
  await shop.putAll(1);
  await shop.reopen();
  expect(shop.restored.map(({ handle, retries }) => `${handle} ${retries}`)).toEqual(["H:1 2", "H:2 0"]);
  await shop.store.close();
});

test.each([1, 16, 40])("of %i jobs of one commit, one that cannot be stored is refused alone", async (count) => {
  await using shop = await openShop();
  const bad = Math.ceil(count / 2);
  faults.sql = (sql, values) =>
    sql.startsWith("INSERT INTO job") && values.includes(bad) ? sqliteError("constraint") : undefined;
  const jobs = await shop.putAll(count);
  const good = jobs.map(({ handle }) => handle).filter((handle) => handle !== `H:${bad}`);
  expect(shop.take().sort()).toEqual([...good.map((handle) => `${handle} stored`), `H:${bad} row`].sort());
  faults.sql = () => undefined;
  expect(await shop.kept()).toEqual(good);
  await shop.store.close();
});

test("an error of the disk while rows are stored one by one", async () => {
  await using shop = await openShop();
  faults.sql = (sql, values) => {
    if (!sql.startsWith("INSERT INTO job")) return undefined;
    return values.length > 4 ? sqliteError("tooBig") : IO_ERROR;
  };
  await shop.putAll(16);
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
  expect(shop.take()).toEqual([]);
});

const DAMAGES: readonly [string, string][] = [
  ["its record", "record = x'01'"],
  ["the type of its record", "record = 'text'"],
  ["its fate", `fate = '{"place":9,"retries":0}'`],
  ["the type of its fate", "fate = x'05'"],
  ["its checksum", "sum = sum + 1"],
  ["a checksum beyond all numbers", "sum = 9223372036854775807"],
];

test.each(DAMAGES)("a row with a damage in %s is named, never offered, and stays", async (_what, set) => {
  await using shop = await openShop();
  const jobs = await shop.putAll(3);
  damage(`UPDATE job SET ${set} WHERE id = 3`);
  // It was damaged while the server ran: that is not covered up.
  for (const job of jobs.slice(2)) shop.store.retried({ ...job, retries: 1 });
  await shop.store.flush();
  expect(await shop.reopen()).toEqual(["row 3"]);
  expect(shop.store.stats).toMatchObject({ recovered: 2, damaged: 1 });
  // Its number is not free.
  await shop.putAll(1);
  expect(shop.take()).toEqual(["H:1 stored", "H:2 stored", "H:3 stored", "H:4 stored"]);
  expect(await shop.reopen()).toEqual(["row 3"]);
  expect(shop.restored.map(({ handle }) => handle)).toEqual(["H:1", "H:2", "H:4"]);
  await shop.store.close();
});

test.each(["9223372036854775807", "1152921504606846977", "-5", "4503599627370497"])(
  "a row whose number has become %s",
  async (id) => {
    await using shop = await openShop();
    await shop.putAll(3);
    damage(`UPDATE job SET id = ${id} WHERE id = 2`);
    const damaged = await shop.reopen();
    expect(damaged).toHaveLength(1);
    await shop.putAll(1);
    expect(shop.take()).not.toContain("H:4 row");
    expect(await shop.kept()).toEqual(["H:1", "H:3", "H:4"]);
    await shop.store.close();
  },
);

test("more numbers are reserved in time, and a start goes on behind them", async () => {
  await using shop = await openShop();
  for (let number = 1; number <= 500_002; number++) shop.store.nextNumber();
  await shop.store.flush();
  await shop.reopen();
  expect(shop.store.nextNumber()).toBe(2_000_001);
  await shop.store.close();
});

test("what is asked of a row that is not there changes nothing", async () => {
  await using shop = await openShop();
  shop.store.retried(aRecord({ row: 7 }));
  shop.store.remove(aRecord({ row: 8 }));
  await shop.store.flush();
  expect(await shop.kept()).toEqual([]);
  await shop.store.close();
});
