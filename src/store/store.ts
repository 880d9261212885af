import type { JobRecord } from "../core/job.ts";

/** Why a store could not keep a job: the submitter is told that it was not accepted. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/**
 * Keeps background jobs. Operations apply in the order they are called in. A job may be acknowledged once `put` has settled without an
 * error, and not before. Records are live: what a store needs later than the call it copies.
 */
export interface Store {
  /** What is kept and what a crash loses, for the line at start. */
  readonly durability: string;
  /** Keeps the job. Settles once: at once if there is nothing to wait for. */
  put(job: JobRecord, settled: (error?: StoreError) => void): void;
  /** The job was given back by a worker: its retries are one more. */
  retried(job: JobRecord): void;
  /** The job is done with, or cancelled: it is not kept any longer. */
  remove(job: JobRecord): void;
  /** The job's retries are spent: it is never offered again. */
  bury(job: JobRecord): void;
  /** Ends when everything before is stored, and every `put` has settled. */
  flush(): Promise<void>;
  /** Ends the store: nothing is asked of it afterwards. */
  close(): Promise<void>;
}
