/** A file of gearmand's, lent to us: it is to be given back as gearmand leaves it, without a log beside it. */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { kindOf, type Sqlite } from "../sqlite/driver.ts";
import { openJobs } from "../sqlite/jobs-database.ts";
import { isDirectory } from "../sqlite/schema.ts";
import { StoreError } from "../store-error.ts";
import { holderOf } from "./holders.ts";

/** Opens the file for this process alone. Throws a StoreError that says what to do. */
export function openGearmandFile(file: string): Sqlite {
  refuseHeld(file);
  return lent(
    openJobs(file, (db) => refuseDirectory(db, file)),
    ballastOf(file),
  );
}

/** Throws a StoreError if the file is ours as a whole. */
export function refuseDirectory(db: Sqlite, file: string): void {
  if (!isDirectory(db)) return;
  const remedy = `gearmand-ts --data-dir ${dirname(file)} takes it as it is`;
  throw new StoreError("open", `it is the queue of a data directory, and none of gearmand's: ${remedy}`);
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
