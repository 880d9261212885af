import { DEFAULT_OPTIONS } from "../../server/options.ts";
import type { Flag } from "./flag.ts";
import { duration, integer, integerOr, text } from "./parsers.ts";

export const JOB_FLAGS = {
  "job-retries": {
    short: "j",
    argument: "N",
    parse: integerOr(-1, 255, "job-retries must be -1 (no limit), 0 (no retries), or between 1 and 255"),
    default: String(DEFAULT_OPTIONS.jobRetries),
    group: "Jobs",
    help: "Runs of a job whose worker died or timed out; -1: no limit.",
    more: "As in gearmand 2.0: 0 and 1 run a job once, N runs it N times. In 1.1.20, 0 was no limit.",
  },
  "job-handle-prefix": {
    argument: "TEXT",
    parse: text,
    default: "H:<host name>",
    group: "Jobs",
    help: "Job handles are TEXT:1 upwards.",
    more: "At most 46 bytes, so that a handle of 63 bytes has room for every number. A host name that is too long is cut.",
  },
  "worker-wakeup": {
    short: "w",
    argument: "N",
    parse: integer(0, 2 ** 32 - 1),
    default: "as needed",
    group: "Jobs",
    help: "Wake at least N sleeping workers for a job; 0: all.",
    more: "gearmand's default is 0. Without the flag, the server wakes as many as there are jobs, and more while a job stays untaken.",
  },
  exceptions: { group: "Jobs", help: "Every connection starts with the option `exceptions` on." },
  "drain-timeout": {
    argument: "TIME",
    parse: duration,
    default: "8s",
    group: "Jobs",
    help: "How long a stopping server waits for running jobs.",
    more: "Milliseconds, or with s for seconds. Docker kills after 10 s.",
    ours: true,
  },
  "allow-shutdown": {
    group: "Jobs",
    help: "Obey the text commands `shutdown` and `shutdown graceful`.",
    more: "Whoever reaches the port can then stop the server.",
    ours: true,
  },
  "round-robin": {
    short: "R",
    group: "Jobs",
    help: "Functions of a worker take turns.",
    ignored: "functions always take turns, as in gearmand 2.0",
    rare: true,
  },
  "hashtable-buckets": {
    argument: "N",
    parse: integerOr(1, 2 ** 31 - 1, "hashtable-buckets has to be greater than 0"),
    default: "991",
    group: "Jobs",
    help: "Size of the hash tables.",
    ignored: "the tables grow by themselves",
    rare: true,
  },
} as const satisfies Record<string, Flag>;
