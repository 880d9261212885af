/** Bounds of what the job server holds in memory. Beyond the first two, a submit gets ERROR QUEUE_ERROR. */
export interface Limits {
  /** Jobs held in all, queued and running. The server takes 0 for what its memory allows. */
  readonly maxJobs: number;
  /** Bytes of workloads held in all. The server takes 0 for what its memory allows. */
  readonly maxJobBytes: number;
  /** Clients that wait for jobs in all, each as often as it does. The server takes 0 for what its memory allows. */
  readonly maxWaits: number;
  /** Functions known at once; one with a long name counts as several. The server takes 0 for what its memory allows. One that is empty, without workers and not made by hand is evicted before a new one is refused. */
  readonly maxFunctions: number;
  /** Functions that one connection may offer. */
  readonly maxAbilities: number;
  /** Abilities of all connections: each counts its functions. The server takes 0 for what its memory allows. */
  readonly maxAbilitiesInAll: number;
  /** Functions kept that are empty, without workers and not made by hand; the oldest goes first. */
  readonly maxIdleFunctions: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxJobs: 0,
  maxJobBytes: 0,
  maxWaits: 0,
  maxFunctions: 0,
  maxAbilities: 10_000,
  maxAbilitiesInAll: 0,
  maxIdleFunctions: 10_000,
};
