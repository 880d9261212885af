import type { JobRecord } from "../core/job.ts";
import type { DurabilityName } from "./durability.ts";
import type { StoreError } from "./store-error.ts";

/** THE table of what a store counts. Statistics, the text protocol and docs are made from it. */
export const STORE_FIGURES = {
  recovered: "jobs that were there at the start",
  damaged: "rows that failed their checksum at the start: kept, never offered",
  dead: "jobs kept whose retries are spent: never offered",
  commits: "commits",
  waiting: "changes that wait for a commit",
  refused: "background jobs that could not be stored, most for want of room",
  noSpace: "1 while there is no room for new jobs, else 0",
} as const;

export type StoreStats = Record<keyof typeof STORE_FIGURES, number>;

/** Is called once, when the job is stored or is known not to be. */
export type Settled = (error?: StoreError) => void;

/**
 * Keeps background jobs. Operations apply in the order they are called in. A job may be acknowledged once `put` has settled without an
 * error, and not before. Records are live: what a store needs later than the call it copies, or reads before the job is removed.
 */
export interface Store {
  readonly durability: DurabilityName;
  readonly stats: StoreStats;
  /** Settles if the store can keep no promise any more: nothing is acknowledged from then on. */
  readonly failed: Promise<StoreError>;
  /**
   * Opens the store and hands over the jobs in it, in the order they are to run. Resolves with the names of damaged rows, which stay where
   * they are. Rejects with a StoreError that says what to do.
   */
  recover(restore: (jobs: readonly JobRecord[]) => void): Promise<readonly string[]>;
  /** A number for a handle, never given before; undefined: none could be reserved. */
  nextNumber(): number | undefined;
  /** Keeps the job. Settles once: at once if there is nothing to wait for. */
  put(job: JobRecord, settled: Settled): void;
  /** The job was given back by a worker: its retries are one more, and its turn is last. */
  retried(job: JobRecord): void;
  /** The job is done with, or cancelled: it is not kept any longer. */
  remove(job: JobRecord): void;
  /** The job's retries are spent: it is kept, and never offered again. */
  bury(job: JobRecord): void;
  /** Settles when all that was asked before is stored. */
  barrier(settled: () => void): void;
  /** Ends when everything before is stored as far as there is room, and every `put` has settled. Rejects when the store has failed. */
  flush(): Promise<void>;
  /** Ends the store, after a flush: nothing is asked of it afterwards. Rejects when the store has failed. */
  close(): Promise<void>;
}

export const NO_STATS: StoreStats = {
  recovered: 0,
  damaged: 0,
  dead: 0,
  commits: 0,
  waiting: 0,
  refused: 0,
  noSpace: 0,
};
