/** THE table of what the core counts, from its start. Statistics, metrics and docs are made from it. */
export const CORE_COUNTERS = {
  submitted: "jobs accepted",
  submittedBackground: "of these, background jobs",
  coalesced: "submits that joined a job which was there",
  refused: "submits refused with ERROR",
  assigned: "jobs given to a worker",
  completed: "jobs that ended with WORK_COMPLETE",
  failed: "jobs that ended with WORK_FAIL",
  exceptions: "jobs that ended with WORK_EXCEPTION",
  requeued: "jobs that went back to the queue because their worker left, gave them back or timed out",
  timedOut: "of these, jobs that ran longer than their worker allowed (CAN_DO_TIMEOUT)",
  dead: "jobs whose retries were spent",
  abandoned: "foreground jobs that were dropped because their last client left",
  cancelled: "jobs cancelled or dropped by an administrator",
  commitsFailed: "background jobs that the store could not keep",
  woken: "NOOPs sent to sleeping workers",
  held: "grabs held for a job to come",
  heldFruitful: "of these, grabs that got one",
} as const;

export type CoreCounters = Record<keyof typeof CORE_COUNTERS, number>;

export const zeroCounters = <Name extends string>(table: Readonly<Record<Name, string>>): Record<Name, number> =>
  Object.fromEntries(Object.keys(table).map((name) => [name, 0])) as Record<Name, number>;
