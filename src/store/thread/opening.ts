import { join } from "node:path";
import type { StoredDurability } from "../durability.ts";
import type { Place } from "../messages.ts";
import { BLOCK } from "../numbers.ts";
import { StoreError } from "../store-error.ts";
import { BALLAST, prepareDirectory } from "./directory.ts";
import { DirectoryTable } from "./directory-table.ts";
import { kindOf, type Sqlite } from "./driver.ts";
import { checkStructure, inTransaction, openError, openJobs } from "./jobs-database.ts";
import { Reserve } from "./reserve.ts";
import { migrate } from "./schema.ts";
import type { JobTable } from "./table.ts";

/** A store that is open. */
export interface Opening {
  readonly db: Sqlite;
  readonly table: JobTable;
  readonly reserve: Reserve;
  /** The last number of a handle that was reserved before. */
  readonly reserved: number;
}

/** Opens the store for this process alone. Throws a StoreError that says what, where, and what to do. */
export function openPlace(place: Place, durability: StoredDurability): Opening {
  try {
    return openDirectory(place.path, durability);
  } catch (error) {
    const { message } = openError(error);
    throw new StoreError("open", `Could not open the data directory ${place.path}: ${message}`, error);
  }
}

function openDirectory(path: string, durability: StoredDurability): Opening {
  const db = openJobs(prepareDirectory(path), durability);
  checkStructure(db);
  const reserve = new Reserve(join(path, BALLAST), () => performance.now());
  const { table, reserved } = withRoom(reserve, () => inTransaction(db, () => begin(db)));
  return { db, table, reserve, reserved };
}

function begin(db: Sqlite): { table: JobTable; reserved: number } {
  migrate(db);
  const table = new DirectoryTable(db);
  const reserved = table.reserved();
  table.reserve(reserved + BLOCK);
  return { table, reserved };
}

/** On a full disk the reserve is for this. */
function withRoom<T>(reserve: Reserve, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (kindOf(error) !== "space") throw error;
    reserve.spend();
    return work();
  }
}
