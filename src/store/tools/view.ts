/** A data directory that is looked at while no server uses it. */
import { accessSync, constants, existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { BALLAST, DATABASE } from "../sqlite/directory.ts";
import { codeOf, openSqlite, SQLITE, type Sqlite, textOf } from "../sqlite/driver.ts";
import { freeRoom, isCutOff, logOf, sizeOf } from "../sqlite/files.ts";
import { formatOf, MIGRATIONS } from "../sqlite/schema.ts";
import { StoreError } from "../store-error.ts";

/** What SQLite's index of the log takes at least, bytes. */
const INDEX = 64 * 1024;

/** The file itself is damaged, so that SQLite cannot read it. */
export class DamagedFile extends StoreError {}

export interface View {
  readonly db: Sqlite;
  readonly format: number;
  close(): void;
}

/** The database in a data directory. Throws a StoreError when there is none. */
export function databaseIn(directory: string): string {
  const file = join(directory, DATABASE);
  try {
    statSync(file);
    return file;
  } catch (error) {
    throw noQueue(directory, error);
  }
}

function noQueue(directory: string, error: unknown): StoreError {
  const why = String(error).includes("EACCES")
    ? `${directory} may not be looked into: run this as its owner, which is the user of the server`
    : `${directory} has no queue in it (no ${DATABASE}): name the directory that --data-dir names`;
  return new StoreError("open", why, error);
}

const inUse = (directory: string, cause: unknown): StoreError =>
  new StoreError("open", `${directory} is in use: stop the server first, or look at a copy`, cause);

/**
 * Opens the queue for reading; no server can start on it meanwhile. The jobs and the log stay as they are: SQLite keeps an index beside
 * them as long as it looks. Throws a StoreError that says what to do.
 */
export function openView(directory: string): View {
  const file = databaseIn(directory);
  refuseReadOnly(directory);
  if (isCutOff(file)) throw damaged(directory, new Error("it is empty, and its log is not"));
  const hadLog = existsSync(logOf(file));
  refuseFull(directory);
  try {
    const db = openSqlite(file, true);
    return { db, ...locked(db, () => tidy(file, hadLog)) };
  } catch (error) {
    throw viewError(directory, error);
  }
}

/** SQLite says of a disk without room for its index that it has failed. */
function refuseFull(directory: string): void {
  if (freeRoom(directory) < INDEX)
    throw new StoreError("open", `${directory}: the disk is full: make room, or look at a copy on another disk`);
}

/** A transaction holds the lock. Without it nothing is tidied: the files may be those of a server that has just started. */
function locked(db: Sqlite, tidy: () => void): Omit<View, "db"> {
  try {
    db.exec("BEGIN; SELECT 1 FROM sqlite_schema");
  } catch (error) {
    db.close();
    throw error;
  }
  const close = (): void => {
    tidy();
    db.close();
  };
  try {
    return { format: formatOf(db, MIGRATIONS.length), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** No server makes an index. A log that has come meanwhile is SQLite's, and empty, unless a server was here before we had the lock. */
function tidy(file: string, hadLog: boolean): void {
  rmSync(`${file}-shm`, { force: true });
  if (!hadLog && sizeOf(logOf(file)) === 0) rmSync(logOf(file), { force: true });
}

function viewError(directory: string, error: unknown): StoreError {
  if (codeOf(error) === SQLITE.busy) return inUse(directory, error);
  if (error instanceof StoreError) return new StoreError("open", `${directory}: ${error.message}`, error);
  if (DAMAGE.includes(codeOf(error))) return damaged(directory, error);
  return new StoreError("open", `${directory} cannot be opened: ${textOf(error)}`, error);
}

const DAMAGE: readonly number[] = [SQLITE.corrupt, SQLITE.notADatabase];

/** What to do about damage. */
export const remedyFor = (directory: string): string =>
  `gearmand-ts store salvage ${directory} NEWDIR copies what can be read into a new directory`;

function damaged(directory: string, error: unknown): DamagedFile {
  const what = `the queue in ${directory} is damaged: ${textOf(error)}`;
  return new DamagedFile("open", `${what}; ${remedyFor(directory)}`, error);
}

/** What is wrong with a file that has no tables; undefined: it was made ready, and no server has used it. */
export function emptyProblem(directory: string): string | undefined {
  if (sizeOf(databaseIn(directory)) === 0 && !existsSync(join(directory, BALLAST))) return undefined;
  const log = `its log (${logOf(DATABASE)}) is missing or damaged, and all jobs with it`;
  return `it has no tables: ${log}, unless the first start of a server was cut short; put the log back if you have it`;
}

function refuseReadOnly(directory: string): void {
  try {
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const why = "SQLite keeps an index file beside the queue while it looks: look at a copy of the directory";
    throw new StoreError("open", `${directory} cannot be written to: ${why}`, error);
  }
}

/** Throws a StoreError when a server uses the directory now. Writes nothing, and holds nothing. */
export function refuseInUse(directory: string): void {
  const file = databaseIn(directory);
  if (isCutOff(file)) return; // no server runs on it
  const db = openSqlite(file, true);
  try {
    // A lock for reading is tried first. That for writing, which would come next, cannot be had of a file opened for reading.
    db.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN; SELECT 1 FROM sqlite_schema");
  } catch (error) {
    if (codeOf(error) === SQLITE.busy) throw inUse(directory, error);
  } finally {
    db.close();
  }
}
