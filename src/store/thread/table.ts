import type { Batch, Move } from "../messages.ts";
import type { Row } from "../rows.ts";

/** What a table has in it besides jobs to run. */
export interface Inventory {
  /** No row and no place is beyond it. */
  readonly lastRow: number;
  readonly dead: number;
  /** Names of rows that failed their checksum. */
  readonly damaged: readonly string[];
}

/** Jobs in a database: that of a data directory, or gearmand's own. What changes them is called in a transaction, which the caller commits. */
export interface JobTable {
  /** Pages of the file that one row may touch, besides those that its record fills. */
  readonly pagesPerRow: number;
  /** Hands over the jobs in the order they are to run, some at a time. */
  load(send: (rows: readonly Row[]) => void): Inventory;
  /** Returns the numbers of the rows that could not be stored though others could. */
  insert(rows: readonly Row[]): number[];
  move(move: Move): void;
  remove(rows: Batch["removals"]): void;
  /** Up to which number handles are reserved. */
  reserved(): number;
  reserve(upTo: number): void;
}
