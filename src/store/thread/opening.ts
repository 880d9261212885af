import { join } from "node:path";
import type { StoredDurability } from "../durability.ts";
import type { Place } from "../messages.ts";
import { BLOCK } from "../numbers.ts";
import { StoreError } from "../store-error.ts";
import { Ballast } from "./ballast.ts";
import { BALLAST, prepareDirectory } from "./directory.ts";
import { DirectoryTable } from "./directory-table.ts";
import { kindOf, type Sqlite } from "./driver.ts";
import { ballastOf, fileError, openGearmandFile } from "./gearmand-file.ts";
import { namesOf, prepareTables, type TableNames } from "./gearmand-schema.ts";
import { GearmandTable } from "./gearmand-table.ts";
import { checkStructure, inTransaction, openError, openJobs, setDurability } from "./jobs-database.ts";
import { Presence } from "./presence.ts";
import { migrate } from "./schema.ts";
import type { JobTable } from "./table.ts";

type TablePlace = Extract<Place, { kind: "table" }>;

/** A store that is open. */
export interface Opening {
  readonly db: Sqlite;
  readonly presence: Presence;
  readonly durability: StoredDurability;
  readonly table: JobTable;
  readonly ballast: Ballast;
  /** The last number of a handle that was reserved before. */
  readonly reserved: number;
}

type Begun = Pick<Opening, "table" | "reserved">;

/** Opens the store for this process alone. Throws a StoreError that says what, where, and what to do. */
export function openPlace(place: Place, durability: StoredDurability): Opening {
  return place.kind === "directory" ? openDirectory(place.path, durability) : openTable(place, durability);
}

function openDirectory(path: string, durability: StoredDurability): Opening {
  try {
    const file = prepareDirectory(path);
    return open(file, join(path, BALLAST), durability, () => openJobs(file), begin);
  } catch (error) {
    const { message } = openError(error);
    throw new StoreError("open", `Could not open the data directory ${path}: ${message}`, error);
  }
}

function openTable({ path, table, handlePrefix }: TablePlace, durability: StoredDurability): Opening {
  try {
    const begin = (db: Sqlite): Begun => beginTable(db, namesOf(table), handlePrefix);
    return open(path, ballastOf(path), durability, () => openGearmandFile(path), begin);
  } catch (error) {
    throw new StoreError("open", `Could not open the queue ${path}: ${fileError(error)}`, error);
  }
}

/** Begins in the safest mode: the numbers that are reserved here must not be given again, whatever is lost later. */
function open(
  file: string,
  ballastFile: string,
  durability: StoredDurability,
  openFile: () => Sqlite,
  begin: (db: Sqlite) => Begun,
): Opening {
  const ballast = new Ballast(ballastFile, () => performance.now());
  const db = withRoom(ballast, openFile);
  checkStructure(db);
  const begun = withRoom(ballast, () => inTransaction(db, () => begin(db)));
  setDurability(db, durability);
  const presence = new Presence(file);
  presence.check();
  return { db, presence, durability, ballast, ...begun };
}

function begin(db: Sqlite): Begun {
  migrate(db);
  return withNumbers(new DirectoryTable(db), (after) => after);
}

function beginTable(db: Sqlite, names: TableNames, handlePrefix: string): Begun {
  prepareTables(db, names);
  const table = new GearmandTable(db, names);
  return withNumbers(table, (after) => table.adopt(handlePrefix, after));
}

/** Reserves numbers for this start, behind those that are used at once. */
function withNumbers(table: JobTable, use: (after: number) => number): Begun {
  const reserved = use(table.reserved());
  table.reserve(reserved + BLOCK);
  return { table, reserved };
}

/** On a full disk the ballast is for this. */
function withRoom<T>(ballast: Ballast, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (kindOf(error) !== "space") throw error;
    ballast.spend();
    return work();
  }
}
