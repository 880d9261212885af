/** The tables of a data directory, and how older ones are made newer. */
import { StoreError } from "../store-error.ts";
import type { Sqlite } from "./driver.ts";

/** What a user can do in any case. */
export const IF_DAMAGED = "if the file is damaged, `gearmand-ts store salvage DIR NEWDIR` copies what can be read";

/** In the file's header: "GTS1". */
export const APPLICATION = 0x47545331;

/**
 * What makes a file of version N one of version N + 1; all of it in one transaction, so that a file is of one version or the other.
 * `fate` is what changes of a job (JSON: place, retries, dead), NULL as long as nothing has; `sum` covers all other columns.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE job (id INTEGER PRIMARY KEY, record BLOB NOT NULL, fate TEXT, sum INTEGER NOT NULL);
   CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
   INSERT INTO meta VALUES ('numbers', 0);`,
];

const numberOf = (db: Sqlite, pragma: string): number =>
  Number(Object.values({ ...db.prepare(`PRAGMA ${pragma}`).get() })[0]);

/** Whether the file is the queue of a data directory. */
export const isDirectory = (db: Sqlite): boolean => numberOf(db, "application_id") === APPLICATION;

/** The version of the file; 0: it is new. Throws a StoreError when it is not for us. */
export function formatOf(db: Sqlite, known: number): number {
  const [application, version] = [numberOf(db, "application_id"), numberOf(db, "user_version")];
  const tables = Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]);
  if (application !== APPLICATION && (application !== 0 || tables > 0))
    throw new StoreError("open", `it is a database of another program: choose another directory; ${IF_DAMAGED}`);
  if (version > known) {
    const remedy = `use the newer gearmand-ts, or another directory; ${IF_DAMAGED}`;
    throw new StoreError(
      "open",
      `it was written by a newer gearmand-ts (format ${version}, known up to ${known}): ${remedy}`,
    );
  }
  return version;
}

/** Checks whose file it is, and brings it to the newest version. To be called in a transaction. */
export function migrate(db: Sqlite, migrations: readonly string[] = MIGRATIONS): void {
  const version = formatOf(db, migrations.length);
  for (const step of migrations.slice(version)) db.exec(step);
  if (version < migrations.length)
    db.exec(`PRAGMA application_id=${APPLICATION}; PRAGMA user_version=${migrations.length}`);
}
