/** Bounds of what the job server holds in memory. Beyond the first two, a submit gets ERROR QUEUE_ERROR. */
export interface Limits {
  /** Jobs held in all, queued and running. */
  readonly maxJobs: number;
  /** Bytes of workloads held in all. */
  readonly maxJobBytes: number;
  /** Functions known at once. One that is empty, without workers and not made by hand is evicted before a new one is refused. */
  readonly maxFunctions: number;
  /** Functions kept that are empty, without workers and not made by hand; the oldest goes first. */
  readonly maxIdleFunctions: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxJobs: 10_000_000,
  maxJobBytes: 4 * 1024 ** 3,
  maxFunctions: 100_000,
  maxIdleFunctions: 10_000,
};
