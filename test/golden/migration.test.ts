/** A directory is of the old format or of the new one, whatever happens meanwhile. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openSqlite, type Sqlite } from "../../src/store/sqlite/driver.ts";
import { inTransaction } from "../../src/store/sqlite/jobs-database.ts";
import { MIGRATIONS, migrate } from "../../src/store/sqlite/schema.ts";
import { Folder } from "../support/folder.ts";
import { copyOf } from "./golden.ts";
import { NEXT } from "./next-formats.ts";

const script = fileURLToPath(new URL("migrating.ts", import.meta.url));

/** How it ended. */
const runMigration = (file: string, killedBefore: number): NodeJS.Signals | null =>
  spawnSync(process.execPath, ["--import", "tsx", script, file, String(killedBefore)], { stdio: "inherit" }).signal;

const formatOf = (db: Sqlite): unknown => db.prepare("PRAGMA user_version").get()?.["user_version"];

const rowsOf = (db: Sqlite): unknown => db.prepare("SELECT id, record, fate, sum FROM job ORDER BY id").all();

const tablesOf = (db: Sqlite): unknown[] =>
  db
    .prepare("SELECT name FROM sqlite_schema ORDER BY name")
    .all()
    .map((row) => row["name"]);

it("a process that is killed before any of the statements leaves the old format, whole", {
  timeout: 120_000,
}, async () => {
  await using folder = new Folder();
  const original = openSqlite(`${copyOf("v1/killed", folder.file("original"))}/jobs.sqlite`);
  for (let statement = 1; ; statement++) {
    const file = `${copyOf("v1/killed", folder.file(`data${statement}`))}/jobs.sqlite`;
    const killed = runMigration(file, statement) === "SIGKILL";
    const db = openSqlite(file);
    expect(formatOf(db)).toBe(killed ? MIGRATIONS.length : NEXT.length);
    expect(tablesOf(db)).toEqual(killed ? tablesOf(original) : ["extra", ...tablesOf(original)]);
    expect(rowsOf(db)).toEqual(rowsOf(original));
    expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    inTransaction(db, () => migrate(db, NEXT));
    expect(formatOf(db)).toBe(NEXT.length);
    expect(db.prepare("SELECT count(*) AS n FROM job WHERE extra = id").get()).toEqual({ n: 10 });
    db.close();
    if (killed) continue;
    // BEGIN, six statements of two steps, two numbers in the head, COMMIT: it was killed before each but the first.
    expect(statement).toBe(10);
    break;
  }
});

it("on a full disk nothing is changed, and it is done once there is room", async () => {
  await using folder = new Folder();
  const db = openSqlite(`${copyOf("v1/closed", folder.file("data"))}/jobs.sqlite`);
  const before = [formatOf(db), tablesOf(db), rowsOf(db)];
  const pages = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.exec(`PRAGMA max_page_count=${pages}`);
  expect(() => inTransaction(db, () => migrate(db, NEXT))).toThrow(/full/);
  expect([formatOf(db), tablesOf(db), rowsOf(db)]).toEqual(before);
  db.exec("PRAGMA max_page_count=1000000");
  inTransaction(db, () => migrate(db, NEXT));
  expect(formatOf(db)).toBe(NEXT.length);
  db.close();
});

it("a newer format and another program's database are refused, and left alone", async () => {
  await using folder = new Folder();
  const db = openSqlite(`${copyOf("v1/closed", folder.file("data"))}/jobs.sqlite`);
  db.exec("PRAGMA user_version=2");
  const attempt = (): void => inTransaction(db, () => migrate(db));
  expect(attempt).toThrow("it was written by a newer gearmand-ts (format 2, known up to 1): use the newer gearmand-ts");
  db.exec("PRAGMA application_id=5");
  expect(attempt).toThrow("it is a database of another program: choose another directory; if the file is damaged");
  expect(formatOf(db)).toBe(2);
  db.close();
});
