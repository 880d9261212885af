import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { openSqlite } from "../../src/store/sqlite/driver.ts";
import { openPlace } from "../../src/store/thread/opening.ts";
import { faults, lastDatabase, mend } from "./faults.ts";
import { IO_ERROR, sqliteError } from "./support.ts";
import { Workshop } from "./workshop.ts";

vi.mock("node:fs", async (original) => (await import("./faults.ts")).faultyFs(await original()));
vi.mock("../../src/store/sqlite/driver.ts", async (original) =>
  (await import("./faults.ts")).faultyDriver(await original()),
);

afterEach(() => {
  mend();
});

/** Why the data directory could not be opened. */
async function refusal(shop: Workshop): Promise<string> {
  const error: Error = await shop.open().then(
    () => expect.fail("it was opened"),
    (why: Error) => why,
  );
  expect(error).toMatchObject({ name: "StoreError", kind: "open" });
  const start = `Could not open the data directory ${shop.path}: `;
  expect(error.message.startsWith(start)).toBe(true);
  return error.message.slice(start.length);
}

const code = (name: string): Error => Object.assign(new Error(`${name}: as the system says it`), { code: name });

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("a directory that does not exist is made, for its owner alone", async () => {
  await using shop = new Workshop();
  shop.path += "/below/there";
  await shop.open();
  expect(mode(shop.path)).toBe("700");
  expect(readdirSync(shop.path).sort()).toEqual(["ballast", "jobs.sqlite", "jobs.sqlite-wal"]);
  for (const name of readdirSync(shop.path)) expect(mode(`${shop.path}/${name}`)).toBe("600");
  await shop.store.close();
});

test("an empty directory, a new volume, and one that was left before the first start are used", async () => {
  await using shop = new Workshop();
  mkdirSync(`${shop.path}/lost+found`, { recursive: true });
  chmodSync(shop.path, 0o755);
  writeFileSync(`${shop.path}/ballast`, "");
  expect(await shop.open()).toEqual([]);
  expect(mode(shop.path)).toBe("700");
  await shop.store.close();
});

test("the volume of another user is used, if it can be written to", async () => {
  await using shop = new Workshop();
  faults.file = (call) => (call === "chmod" ? code("EPERM") : undefined);
  await shop.open();
  await shop.store.close();
});

test("a directory with other files is refused, and left alone", async () => {
  await using shop = new Workshop();
  mkdirSync(shop.path);
  writeFileSync(`${shop.path}/holiday.jpg`, "");
  expect(await refusal(shop)).toBe(
    "it holds other files and no queue: choose an empty directory, or one that does not exist",
  );
  expect(readdirSync(shop.path)).toEqual(["holiday.jpg"]);
});

test("a file in its place is refused", async () => {
  await using shop = new Workshop();
  writeFileSync(shop.path, "");
  expect(await refusal(shop)).toMatch(/EEXIST.*; it must be a directory that the server may write to$/);
});

test.each(["open", "chmod"] as const)("a directory that cannot be written to is refused, at %s", async (what) => {
  await using shop = new Workshop();
  faults.file = (call) => (call === what ? code("EACCES") : undefined);
  expect(await refusal(shop)).toBe(
    "EACCES: as the system says it; it must be a directory that the server may write to",
  );
});

test("a second server on one directory is refused, and the first goes on", async () => {
  await using shop = new Workshop();
  await shop.open();
  const first = shop.store;
  expect(await refusal(shop)).toBe("another server uses it: stop that one, or choose another directory");
  shop.store = first;
  await shop.putAll(1);
  expect(await shop.kept()).toEqual(["H:1"]);
  await shop.store.close();
});

test.each(["jobs.sqlite", "jobs.sqlite-wal", "jobs.sqlite-journal", "ballast"])(
  "%s that is no file is refused: a pipe would hold up the start for ever",
  async (name) => {
    await using shop = new Workshop();
    mkdirSync(shop.path);
    writeFileSync(`${shop.path}/jobs.sqlite`, "");
    rmSync(`${shop.path}/${name}`, { force: true });
    execFileSync("mkfifo", [`${shop.path}/${name}`]);
    expect(await refusal(shop)).toBe(`${name} in it is no regular file: move it away, or choose another directory`);
  },
);

test("a link to a file elsewhere is refused: its log would not be beside it", async () => {
  await using shop = new Workshop();
  mkdirSync(shop.path);
  symlinkSync(shop.folder.file("elsewhere"), `${shop.path}/jobs.sqlite`);
  expect(await refusal(shop)).toMatch(/^jobs.sqlite in it is no regular file: /);
});

test("a queue of gearmand's that is a pipe is refused; a link to one is followed", async () => {
  await using shop = new Workshop();
  const [pipe, link, file] = [shop.folder.file("pipe"), shop.folder.file("link"), shop.folder.file("elsewhere/file")];
  execFileSync("mkfifo", [pipe]);
  mkdirSync(shop.folder.file("elsewhere"));
  symlinkSync(file, link);
  const open = (path: string) => openPlace({ kind: "table", path, table: "queue", handlePrefix: "H:a" }, "off");
  expect(() => open(pipe)).toThrow(`Could not open the queue ${pipe}: it is no regular file; it must be a file`);
  const { db } = open(link);
  db.close();
  expect(existsSync(file)).toBe(true);
});

test.each(["/proc/gearmand-ts", "/proc/self/gearmand-ts/queue", "/dev/null", "/dev/null/queue"])(
  "%s is refused",
  async (path) => {
    await using shop = new Workshop();
    shop.path = path;
    expect(await refusal(shop)).toMatch(
      /^E(NOENT|EXIST|NOTDIR).*; it must be a directory that the server may write to$/,
    );
  },
);

test("the directory of another program is refused before anything in it is changed", async () => {
  await using shop = new Workshop();
  mkdirSync(shop.path, { mode: 0o755 });
  const file = `${shop.path}/jobs.sqlite`;
  const db = openSqlite(file);
  db.exec("CREATE TABLE precious (c); INSERT INTO precious VALUES (1)");
  db.close();
  const before = readFileSync(file);
  expect(await refusal(shop)).toMatch(/^it is a database of another program: choose another directory; .*salvage/);
  expect(mode(shop.path)).toBe("755");
  expect(readdirSync(shop.path)).toEqual(["jobs.sqlite"]);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("the tables and the reserved numbers are in the main file at once: it alone is never an empty queue", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(1);
  rmSync(`${shop.path}/jobs.sqlite-wal`);
  shop.copy();
  await shop.open();
  expect(shop.store.nextNumber()).toBe(1_000_001);
  await shop.store.close();
});

test("the database of another program is refused, and left alone", async () => {
  await using shop = new Workshop();
  await shop.open();
  lastDatabase()?.exec("PRAGMA application_id=1");
  await shop.store.close();
  shop.copy();
  expect(await refusal(shop)).toMatch(/^it is a database of another program: choose another directory; .*salvage/);
  shop.copy();
  const db = openSqlite(`${shop.path}/jobs.sqlite`);
  db.exec("PRAGMA application_id=0");
  db.close();
  shop.copy();
  expect(await refusal(shop)).toMatch(/^it is a database of another program: choose another directory; .*salvage/);
});

test("a newer format is refused", async () => {
  await using shop = new Workshop();
  await shop.open();
  lastDatabase()?.exec("PRAGMA user_version=7");
  await shop.store.close();
  shop.copy();
  expect(await refusal(shop)).toMatch(
    /^it was written by a newer gearmand-ts \(format 7, known up to 1\): use the newer .* or another directory; .*salvage/,
  );
});

test("files that are no database, cut, or damaged are refused with the remedy, and left alone", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(300);
  await shop.store.close();
  const file = (): string => `${shop.path}/jobs.sqlite`;
  const remedy = /; if the file is damaged, `gearmand-ts store salvage DIR NEWDIR` copies what can be read$/;
  shop.copy();
  truncateSync(file(), 3 * 4096);
  expect(await refusal(shop)).toMatch(remedy);
  expect(statSync(file()).size).toBe(3 * 4096);
  shop.copy();
  writeFileSync(file(), "no database, but as long as one ".repeat(400));
  expect(await refusal(shop)).toMatch(remedy);
  expect(existsSync(file())).toBe(true);
});

test("a page that is not what it should be is found before the start", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(300);
  await shop.store.close();
  shop.copy();
  const bytes = readFileSync(`${shop.path}/jobs.sqlite`);
  // The last page: rows of jobs.
  writeFileSync(`${shop.path}/jobs.sqlite`, bytes.fill(0x55, bytes.length - 4096));
  expect(await refusal(shop)).toMatch(/^the file is damaged: /);
});

test("a database that was cut to nothing, beside its log, is refused, and the log stays", async () => {
  await using shop = new Workshop();
  await shop.open();
  await shop.putAll(1);
  shop.copy();
  truncateSync(`${shop.path}/jobs.sqlite`);
  expect(await refusal(shop)).toMatch(/^the file is damaged: it is empty, and its log is not; /);
  expect(shop.size("jobs.sqlite-wal")).toBeGreaterThan(0);
});

test("an error of the disk while the jobs are read is refused with the remedy", async () => {
  await using shop = new Workshop();
  faults.sql = (sql) => (sql.includes("FROM job") ? new Error("disk I/O error") : undefined);
  const error: Error = await shop.open().then(
    () => expect.fail("it was opened"),
    (why: Error) => why,
  );
  expect(error.message).toMatch(/^Could not open the data directory .*: disk I\/O error; .*salvage/);
});

test("an error of the disk while the log is copied is refused; that it is full is for later", async () => {
  await using shop = new Workshop();
  faults.sql = (sql) => (sql.startsWith("PRAGMA wal_checkpoint") ? IO_ERROR : undefined);
  expect(await refusal(shop)).toMatch(/^SQLite says 1034; .*salvage/);
  shop.copy();
  faults.sql = (sql) => (sql.startsWith("PRAGMA wal_checkpoint") ? sqliteError("full") : undefined);
  expect(await shop.open()).toEqual([]);
  await shop.store.close();
});

test("an error that is none is told as it is", () => {
  faults.file = () => {
    throw "odd";
  };
  expect(() => openPlace({ kind: "directory", path: "/tmp/gearmand-ts-never-there" }, "off")).toThrow(/: odd; /);
});

test.each(["jobs.sqlite", "jobs.sqlite-wal"])(
  "%s is removed while a server uses it: nothing more is acknowledged",
  async (name) => {
    await using shop = new Workshop();
    await shop.open();
    await shop.putAll(1);
    rmSync(`${shop.path}/${name}`);
    await shop.putAll(1);
    const message = `${shop.path}/${name} was removed or replaced while the server used it`;
    expect(await shop.store.failed).toMatchObject({ kind: "fatal", message });
    expect(shop.take()).toEqual(["H:1 stored"]);
  },
);

test("its files are replaced while a server uses them: nothing more is acknowledged", async () => {
  await using shop = new Workshop();
  await shop.open();
  const file = `${shop.path}/jobs.sqlite`;
  renameSync(file, `${file}-old`);
  copyFileSync(`${file}-old`, file);
  await shop.putAll(1);
  expect(await shop.store.failed).toMatchObject({ kind: "fatal" });
  expect(shop.take()).toEqual([]);
});

/** Another program, or a flipped bit, changes what the closed store knows of its numbers. The first of those that may be given then. */
async function firstNumberAfter(sql: string): Promise<number | undefined> {
  await using shop = new Workshop();
  await shop.open();
  await shop.store.close();
  shop.copy();
  const db = openSqlite(`${shop.path}/jobs.sqlite`);
  db.exec(sql);
  db.close();
  shop.copy();
  await shop.open();
  const number = shop.store.nextNumber();
  await shop.store.close();
  return number;
}

test.each([
  ["UPDATE meta SET value = value - 524288 WHERE name = 'numbers'", 1_000_001],
  ["UPDATE meta SET value = 0 WHERE name = 'numbers again'", 1_000_001],
  ["UPDATE meta SET value = 1 << 62 WHERE name = 'numbers'", 1_000_001],
  ["UPDATE meta SET value = -1 WHERE name = 'numbers'", 1_000_001],
  ["UPDATE meta SET value = 'seven' WHERE name = 'numbers again'", 1_000_001],
  ["DELETE FROM meta WHERE name = 'numbers'", 1_000_001],
  ["DELETE FROM meta WHERE name = 'numbers again'", 1_000_001],
  ["UPDATE meta SET value = value + 4096 WHERE name = 'numbers'", 1_004_097],
])("the numbers of handles are kept twice, and do not repeat: %s", async (sql, number) => {
  expect(await firstNumberAfter(sql)).toBe(number);
});

test.each(["DELETE FROM meta", "UPDATE meta SET value = 'none'"])("%s: refused, with the remedy", async (sql) => {
  await expect(firstNumberAfter(sql)).rejects.toThrow(
    /: up to where numbers of handles are reserved is not known, and they would be given again: `gearmand-ts store salvage DIR NEWDIR` makes a directory that goes on behind them$/,
  );
});
