import { truncateSync } from "node:fs";
import { logOf, sizeOf } from "../sqlite/files.ts";
import type { Ballast } from "./ballast.ts";
import { fill, isFull } from "./filling.ts";

/** To SQLite, a log of zeros is an empty one. */
const ZEROS = Buffer.alloc(64 * 1024);

/**
 * Makes an empty log as long as it gets before it is copied and begun again, if there is room to spare: a sync of a file that has grown
 * takes three times as long as one of a file that was written over. To be called while the database is locked: an
 * empty log is one that is copied as a whole.
 */
export function makeLogRoom(database: string, ballast: Ballast): void {
  const log = logOf(database);
  if (sizeOf(log) > 0 || !ballast.isRoomFor(ballast.size)) return;
  try {
    fill(log, "r+", ballast.size, ZEROS);
  } catch (error) {
    if (!isFull(error)) throw error;
    truncateSync(log);
  }
}
