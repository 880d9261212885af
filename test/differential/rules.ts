/**
 * THE table of how each difference of test/wire/differences.ts is treated when the same script is played on both servers. Anything that
 * is not in it, in any reply or table after any step, is a failure.
 */
export interface Rule {
  /** The message is not sent, because the servers would go on with different jobs: what this is about, as narrow as it can be said. */
  readonly avoided?: string;
  /** Both do their own, and the comparison knows how they differ: what is made equal. */
  readonly levelled?: string;
  /** The generator does not make it: why. */
  readonly never?: string;
}

export const RULES = {
  "global-priority": {
    avoided: "a grab by a worker that has jobs waiting in more than one of its functions",
    levelled:
      "the functions of a worker in `workers` are compared as a set; so are the WORK_FAILs when it gives back jobs of several functions at once, and their retries are spent",
  },
  "wake-few": {
    never: "ours runs with --worker-wakeup=0, as gearmand does by default, so that every NOOP is compared",
  },
  "no-retries": { never: "both run with the same --job-retries, and 0 is not among them" },
  "background-stays": {
    levelled:
      "a background job whose last foreground client has left is `ignored` in gearmand; once it is queued there, it is cancelled in ours, so that both go on without it",
    avoided:
      "a submit that would join it, or be counted with it under a limit, while gearmand still has it; GET_STATUS_UNIQUE of it",
  },
  "abandoned-removed": {
    levelled:
      "a foreground job whose clients have left is not in our tables, in gearmand's still: rows, counts, GET_STATUS and `cancel job` of it, and the NOOP when it is queued once more",
    avoided:
      "a submit that would join it, or be counted with it under a limit, while gearmand still has it; GET_STATUS_UNIQUE of it",
  },
  "cancel-removes": {
    levelled: "the same of a job that was cancelled",
    avoided: "the same of a job that was cancelled",
  },
  "cancel-once": {
    levelled: "WORK_* of a cancelled job to its clients, of gearmand's",
    avoided: "GET_STATUS_UNIQUE of a running job that was cancelled: it has clients in gearmand, none in ours",
  },
  "drop-cancels": { avoided: "`drop function` of one with jobs: gearmand would be left with jobs without a function" },
  "unique-64": {
    levelled:
      "the 63 bytes and the stray NUL of gearmand's JOB_ASSIGN_UNIQ and _ALL; the 63 bytes in `show unique jobs`",
    avoided: "a second submit with the same unique of 64 bytes; GET_STATUS_UNIQUE of it",
  },
  "reduce-unique": { avoided: "a reduce job with a unique of more than 64 bytes" },
  "workload-as-unique": {
    avoided: "a submit with the unique `-` while a job has that workload both as workload and unique",
  },
  "exception-downgrade": { levelled: "the NUL at the end of gearmand's WORK_FAIL after a WORK_EXCEPTION" },
  "work-fail-nul": { levelled: "what gearmand relays of a WORK_FAIL from a NUL on" },
  "can-do-twice": {
    levelled: "a function that a worker has registered twice, in `workers` and in its function's count",
  },
  "can-do-asleep": { levelled: "the NOOP of ours; from then on, until its next grab, how often the worker is told" },
  "pre-sleep-clears-noop": {
    levelled: "until its next grab, how often a worker is told that sleeps again after a NOOP",
  },
  "epoch-wakes-when-due": {
    levelled:
      "the NOOP of gearmand's when the job is submitted; from then on, until its next grab, how often the worker is told",
  },
  "epoch-hides-nothing": { avoided: "a LOW job and a job for later in one function at the same time" },
  "reset-asleep": {
    levelled: "the NOOP of gearmand's; from then on, until its next grab, how often the worker is told",
  },
  "long-denominator": { avoided: "a WORK_STATUS whose denominator has more than ten bytes" },
  "status-too-large": { avoided: "GET_STATUS_UNIQUE of more than 64 bytes: gearmand does not answer, or closes" },
  "missing-arguments": { levelled: "the ERROR of ours before the connection ends; bare results are not made" },
  "argument-too-large": { levelled: "the ERROR of ours before the connection ends" },
  "escaped-names": { levelled: "names are compared as gearmand prints them, unescaped and cut at a NUL" },
  "table-order": { levelled: "rows are compared sorted, and the answers of a `drop function` to several functions" },
  version: { levelled: "the version" },
  "answers-before-close": { levelled: "what came last on a connection that its peer ended" },
  "create-bare-lf": { never: "gearmand's name is another; `create function` always ends CRLF" },
  "epoch-too-large": { never: "gearmand does not answer, or closes" },
  "timeout-too-large": { never: "gearmand does not answer, or closes" },
  "timer-per-job": { never: "timeouts take a second: a script that takes as long is not compared" },
  "timed-out-elsewhere": { never: "timeouts take a second: a script that takes as long is not compared" },
  "empty-result": { never: "gearmand swallows what follows" },
  "packet-too-large": { never: "takes 256 MiB" },
  overload: { never: "takes 10 million jobs" },
  "long-names": { never: "gearmand closes each worker that grabs the job" },
  "cross-protocol": { never: "ours closes; no first line of HTTP is made" },
  shutdown: { never: "ours is started without --allow-shutdown, so `shutdown` is unknown to both" },
} as const satisfies Record<string, Rule>;

/** The id of a difference that shows in scripts. */
export type RuleId = keyof typeof RULES;
