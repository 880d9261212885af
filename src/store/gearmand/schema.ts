/**
 * gearmand's table, and beside it ours:
 *
 * - `T_gearmand_ts`: to each of its rows, by row id, what its columns have no room for: the record of the job without its workload, its
 *   fate as in a data directory, and a checksum over both rows.
 * - `T_gearmand_ts_dead`: jobs whose retries are spent, whole. gearmand would run them again.
 * - `T_gearmand_ts_meta`: the format of these tables, and up to which number handles are reserved.
 *
 * Two triggers let go of our row when somebody else writes gearmand's: a row id can come to another job, and an operator may change one.
 */

import type { Sqlite } from "../sqlite/driver.ts";
import { StoreError } from "../store-error.ts";

const FORMAT = 1;

/** gearmand's, to the letter but for the quotes. */
const COLUMNS =
  "unique_key TEXT, function_name TEXT, priority INTEGER, data BLOB, when_to_run INTEGER, PRIMARY KEY (unique_key, function_name)";

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names of the tables, as SQL has them. */
export interface TableNames {
  readonly plain: string;
  readonly queue: string;
  readonly about: string;
  readonly dead: string;
  readonly meta: string;
}

export const namesOf = (table: string): TableNames => ({
  plain: table,
  queue: quoted(table),
  about: quoted(`${table}_gearmand_ts`),
  dead: quoted(`${table}_gearmand_ts_dead`),
  meta: quoted(`${table}_gearmand_ts_meta`),
});

/** Makes what is not there yet. To be called in a transaction. Throws a StoreError when the table is none of gearmand's. */
export function prepareTables(db: Sqlite, names: TableNames): void {
  checkEncoding(db);
  db.exec(`CREATE TABLE IF NOT EXISTS ${names.queue} ( ${COLUMNS})`);
  if (!columnsOf(db, names).includes("when_to_run"))
    db.exec(`ALTER TABLE ${names.queue} ADD COLUMN when_to_run INTEGER`);
  db.exec(ours(names));
  checkFormat(db, names);
  // gearmand writes an empty workload as NULL, and then does not start on it; so too with rows from before it knew epochs.
  db.exec(`UPDATE ${names.queue} SET data = x'' WHERE data IS NULL`);
  db.exec(`UPDATE ${names.queue} SET when_to_run = 0 WHERE when_to_run IS NULL`);
  db.exec(`DELETE FROM ${names.about} WHERE id NOT IN (SELECT rowid FROM ${names.queue})`);
}

function ours({ plain, queue, about, dead, meta }: TableNames): string {
  const row = "id INTEGER PRIMARY KEY, record BLOB NOT NULL, fate TEXT, sum INTEGER NOT NULL";
  const trigger = (what: string, which: string): string =>
    `CREATE TRIGGER IF NOT EXISTS ${quoted(`${plain}_gearmand_ts_${what}`)} AFTER ${what} ON ${queue}
     BEGIN DELETE FROM ${about} WHERE id = ${which}.rowid; END;`;
  return `CREATE TABLE IF NOT EXISTS ${about} (${row});
    CREATE TABLE IF NOT EXISTS ${dead} (${row});
    CREATE TABLE IF NOT EXISTS ${meta} (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT OR IGNORE INTO ${meta} VALUES ('format', ${FORMAT}), ('numbers', 0);
    ${trigger("insert", "NEW")} ${trigger("update", "OLD")}`;
}

/** Names are bytes: in another encoding they would be changed on their way. */
function checkEncoding(db: Sqlite): void {
  const encoding = db.prepare("PRAGMA encoding").get()?.["encoding"];
  if (encoding !== "UTF-8")
    throw new StoreError("open", `its texts are ${encoding}, and gearmand's are UTF-8: choose another file`);
}

/** Names of the table's columns. Throws a StoreError when it is none of gearmand's. */
export function columnsOf(db: Sqlite, { plain, queue }: TableNames): string[] {
  const there = db.prepare(`PRAGMA table_info(${queue})`).all();
  const columns = there.map(({ name }) => String(name));
  if (columns.length === 0)
    throw new StoreError("open", `it has no table ${plain}: --libsqlite3-table names the table`);
  if (["unique_key", "function_name", "priority", "data"].some((name) => !columns.includes(name)))
    throw new StoreError("open", `its table ${plain} is not gearmand's: --libsqlite3-table names another`);
  return columns;
}

function checkFormat(db: Sqlite, { meta }: TableNames): void {
  const format = Number(db.prepare(`SELECT value FROM ${meta} WHERE name = 'format'`).get()?.["value"]);
  if (format > FORMAT)
    throw new StoreError(
      "open",
      `it was used by a newer gearmand-ts (format ${format}, known up to ${FORMAT}): use that one, or another file`,
    );
}
