import { join } from "node:path";
import type { StoredDurability } from "../durability.ts";
import { ballastOf, openGearmandFile } from "../gearmand/file.ts";
import { namesOf, prepareTables, type TableNames } from "../gearmand/schema.ts";
import { GearmandTable } from "../gearmand/table.ts";
import type { Place } from "../messages.ts";
import { BLOCK } from "../numbers.ts";
import { BALLAST, closeToOthers, prepareDirectory } from "../sqlite/directory.ts";
import { DirectoryTable } from "../sqlite/directory-table.ts";
import { kindOf, type Sqlite } from "../sqlite/driver.ts";
import { checkpoint, checkStructure, inTransaction, openJobs, setDurability, setUp } from "../sqlite/jobs-database.ts";
import { openError } from "../sqlite/open-error.ts";
import { formatOf, MIGRATIONS, migrate } from "../sqlite/schema.ts";
import { StoreError } from "../store-error.ts";
import { Ballast } from "./ballast.ts";
import { Presence } from "./presence.ts";
import type { JobTable } from "./table.ts";

type TablePlace = Extract<Place, { kind: "table" }>;

/** A store that is open. */
export interface Opening {
  /** Where the database is, wherever a link to it may be. */
  readonly file: string;
  readonly db: Sqlite;
  readonly presence: Presence;
  readonly durability: StoredDurability;
  readonly table: JobTable;
  readonly ballast: Ballast;
  /** The last number of a handle that was reserved before. */
  readonly reserved: number;
  /** Why it cannot be read after all: what, where, and what to do. */
  readonly refusal: (error: unknown) => StoreError;
}

type Begun = Pick<Opening, "table" | "reserved">;

/** Opens the store for this process alone. Throws a StoreError that says what, where, and what to do. */
export function openPlace(place: Place, durability: StoredDurability): Opening {
  return place.kind === "directory" ? openDirectory(place.path, durability) : openTable(place, durability);
}

function openDirectory(path: string, durability: StoredDurability): Opening {
  return open(durability, refusalOf("directory", `the data directory ${path}`), () => {
    const file = prepareDirectory(path);
    const openFile = (): Sqlite => openJobs(file, (db) => formatOf(db, MIGRATIONS.length));
    return { file, ballastFile: join(path, BALLAST), openFile, begin, isOurs: () => closeToOthers(path) };
  });
}

function openTable({ path, table, handlePrefix }: TablePlace, durability: StoredDurability): Opening {
  return open(durability, refusalOf("table", `the queue ${path}`), () => ({
    file: path,
    ballastFile: ballastOf(path),
    openFile: () => openGearmandFile(path),
    begin: (db) => beginTable(db, namesOf(table), handlePrefix),
    isOurs: () => {},
  }));
}

const refusalOf =
  (kind: Place["kind"], what: string) =>
  (error: unknown): StoreError =>
    new StoreError("open", `Could not open ${what}: ${openError(error, kind).message}`, error);

/** How a store is opened. */
interface Way {
  readonly file: string;
  readonly ballastFile: string;
  openFile(): Sqlite;
  begin(db: Sqlite): Begun;
  /** Told when nothing speaks against it any more. */
  isOurs(): void;
}

function open(durability: StoredDurability, refusal: Opening["refusal"], prepare: () => Way): Opening {
  try {
    return { ...openIn(prepare(), durability), refusal };
  } catch (error) {
    throw refusal(error);
  }
}

/** Begins in the safest mode: the numbers that are reserved here must not be given again, whatever is lost later. */
function openIn(
  { file, ballastFile, openFile, begin, isOurs }: Way,
  durability: StoredDurability,
): Omit<Opening, "refusal"> {
  const ballast = new Ballast(ballastFile, () => performance.now());
  const db = openFile();
  withRoom(ballast, () => setUp(db));
  checkStructure(db);
  const begun = withRoom(ballast, () => inTransaction(db, () => begin(db)));
  isOurs();
  copyLog(db);
  setDurability(db, durability);
  const presence = new Presence(file);
  presence.check();
  return { file: presence.file, db, presence, durability, ballast, ...begun };
}

/** Who loses the log after this loses no more than jobs: the main file has the tables, and the numbers that are reserved. */
function copyLog(db: Sqlite): void {
  try {
    checkpoint(db, "TRUNCATE");
  } catch (error) {
    if (kindOf(error) !== "space") throw error;
  }
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
