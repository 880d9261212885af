/** What the main thread and the storage thread say to each other. One question is open at a time. */
import type { StoredDurability } from "./durability.ts";
import type { StoreError } from "./store-error.ts";

/** Where jobs are kept. */
export type Place =
  | { readonly kind: "directory"; readonly path: string }
  | {
      /** gearmand's own queue. */
      readonly kind: "table";
      readonly path: string;
      readonly table: string;
      /** For the handles of jobs that gearmand has written. */
      readonly handlePrefix: string;
    };

/** A row's new place in line. */
export interface Move {
  readonly row: number;
  readonly place: number;
  readonly retries: number;
  /** Its retries are spent. */
  readonly dead: boolean;
}

/** What one commit holds. */
export interface Batch {
  /** New rows, packed. */
  readonly rows: Uint8Array;
  readonly moves: readonly Move[];
  readonly removals: readonly number[];
  /** Up to which number handles are to be reserved; 0: as before. */
  readonly reserve: number;
}

export type Question =
  | { readonly ask: "open"; readonly place: Place; readonly durability: StoredDurability }
  | { readonly ask: "commit"; readonly batch: Batch }
  | { readonly ask: "close" };

export interface Opened {
  readonly tell: "opened";
  /** No row and no place is beyond it. */
  readonly lastRow: number;
  /** Numbers of handles reserved for this start: those after `first`, up to `last`. */
  readonly numbers: { readonly first: number; readonly last: number };
  readonly dead: number;
  /** Rows that failed their checksum. */
  readonly damaged: readonly string[];
  readonly space: boolean;
}

export interface Committed {
  readonly tell: "committed";
  /** New rows that were not stored, of all or of these numbers. */
  readonly refused: "all" | readonly number[];
  /** Whether moves, removals and the reserve are stored; if not, they are to be asked for again. */
  readonly changed: boolean;
  /** Whether there is room for new jobs. */
  readonly space: boolean;
}

export type Answer =
  | Opened
  | Committed
  | { readonly tell: "rows"; readonly rows: Uint8Array }
  | { readonly tell: "closed" }
  | { readonly tell: "failed"; readonly kind: StoreError["kind"]; readonly message: string };
