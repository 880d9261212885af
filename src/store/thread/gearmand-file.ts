/** A file of gearmand's, lent to us: it is to be given back as gearmand leaves it, without a log beside it. */
import { rmSync } from "node:fs";
import { StoreError } from "../store-error.ts";
import { codeOf, kindOf, SQLITE, type Sqlite, textOf } from "./driver.ts";
import { holderOf } from "./gearmand-holders.ts";
import { openJobs } from "./jobs-database.ts";

/** Opens the file for this process alone. Throws a StoreError that says what to do. */
export function openGearmandFile(file: string): Sqlite {
  refuseHeld(file);
  return lent(openJobs(file), ballastOf(file));
}

export const ballastOf = (file: string): string => `${file}-ballast`;

function refuseHeld(file: string): void {
  const holder = holderOf(file);
  if (holder !== undefined)
    throw new StoreError("open", `${holder} has it open: stop that one, or choose another file`);
}

const lent = (db: Sqlite, ballast: string): Sqlite => ({
  exec: (sql) => db.exec(sql),
  prepare: (sql) => db.prepare(sql),
  close: () => {
    rmSync(ballast, { force: true });
    withoutLog(db);
    db.close();
  },
});

/** On a full disk the log stays: gearmand can read it, too. */
function withoutLog(db: Sqlite): void {
  try {
    db.exec("PRAGMA journal_mode=DELETE");
  } catch (error) {
    if (kindOf(error) !== "space") throw error;
  }
}

/** SQLITE: no database */
const NOT_A_DATABASE = 26;

/** Why a file of gearmand's cannot be opened or read, with the remedy. */
export function fileError(error: unknown): string {
  const cause = error instanceof StoreError && error.cause !== undefined ? error.cause : error;
  if (cause instanceof StoreError) return cause.message;
  const code = codeOf(cause);
  if (code === SQLITE.busy) return "another server uses it: stop that one, or choose another file";
  if (code === SQLITE.full) return "the disk is full: make room";
  if (code === NOT_A_DATABASE) return "it is no SQLite database: choose another file";
  return `${textOf(cause)}; it must be a file that the server may write to, as its directory; if it is damaged, \`sqlite3 FILE .recover\` shows what can be read`;
}
