import { closeSync, fsyncSync, openSync, statfsSync, statSync } from "node:fs";

/** Where SQLite keeps the log of changes that are not in the database yet. */
export const logOf = (database: string): string => `${database}-wal`;

/** Bytes; 0: it is not there. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Bytes that may still be written to the disk of a directory. */
export function freeRoom(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** SQLite deletes the log of an empty database unread. There can be none, unless the database was cut off. */
export const isCutOff = (database: string): boolean => sizeOf(database) === 0 && sizeOf(logOf(database)) > 0;

/** Of a directory: the names in it. */
export function sync(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}
