import { statSync } from "node:fs";
import { DURABILITIES, type StoredDurability } from "../durability.ts";
import { openSqlite, type Sqlite } from "./driver.ts";
import { isCutOff } from "./files.ts";

/** What SQLite reads and writes at once, bytes. */
export const PAGE = 4096;

/** A log that has grown beyond it is cut to it when it is begun again, bytes. */
const LOG_LIMIT = 16 * 1024 * 1024;

/** From now on commits are as safe as the mode says. */
export const setDurability = (db: Sqlite, durability: StoredDurability): void =>
  db.exec(`PRAGMA synchronous=${DURABILITIES[durability].synchronous}`);

/** Opens the database for this process alone, until it ends. @param judge throws if it is not ours; nothing is changed before {@link setUp} */
export function openJobs(file: string, judge: (db: Sqlite) => void): Sqlite {
  refusePipe(file);
  if (isCutOff(file)) throw new Error("the file is damaged: it is empty, and its log is not");
  const db = openSqlite(file);
  try {
    // The lock is taken with the first transaction and held; the index of the log is then in memory, not in a file.
    db.exec("PRAGMA locking_mode=EXCLUSIVE");
    judge(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** In the safest mode. May be tried again: SQLite's driver for Node 20 keeps the lock of what was closed, so nothing is opened twice. */
export function setUp(db: Sqlite): void {
  db.exec("PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL");
  // Checkpoints are made by hand: those that SQLite makes hide their errors (a failed sync among them).
  db.exec("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0");
  db.exec(`PRAGMA journal_size_limit=${LOG_LIMIT}`);
}

/** SQLite says of a pipe or a device that the disk has failed. */
function refusePipe(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) throw new Error("it is no regular file");
}

/**
 * Throws if the file's structure is damaged. Reading alone does not notice rows that are missing, there twice or out of order, and a
 * removal would not find its row: jobs that are over would come back. Costs about a tenth of reading all rows.
 */
export function checkStructure(db: Sqlite): void {
  const [found] = Object.values({ ...db.prepare("PRAGMA quick_check(1)").get() });
  if (found !== "ok") throw new Error(`the file is damaged: ${String(found).replaceAll("\n", " ")}`);
}

/** One transaction: all of it, or nothing. */
export function inTransaction<T>(db: Sqlite, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** SQLite has rolled back by itself after some errors. */
function rollBack(db: Sqlite): void {
  try {
    db.exec("ROLLBACK");
  } catch {}
}

/** Copies the log into the database, so that it is begun again. */
export const checkpoint = (db: Sqlite, how: "PASSIVE" | "TRUNCATE"): void => db.exec(`PRAGMA wal_checkpoint(${how})`);
