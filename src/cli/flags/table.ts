import { type FlagTable, rowsOf, type ValuesOf } from "./flag.ts";
import { GENERAL_FLAGS } from "./general.ts";
import { JOB_FLAGS } from "./jobs.ts";
import { LIMIT_FLAGS } from "./limits.ts";
import { LOG_FLAGS } from "./log.ts";
import { NETWORK_FLAGS } from "./network.ts";
import { QUEUE_FLAGS } from "./queues.ts";
import { TLS_FLAGS } from "./tls.ts";

/** Every flag of gearmand 1.1.20 and 2.0, and ours, by its long name: the one place that knows them. */
export const FLAGS = {
  ...GENERAL_FLAGS,
  ...NETWORK_FLAGS,
  ...TLS_FLAGS,
  ...JOB_FLAGS,
  ...LOG_FLAGS,
  ...LIMIT_FLAGS,
  ...QUEUE_FLAGS,
} as const satisfies FlagTable;

export type Values = ValuesOf<typeof FLAGS>;

export const FLAG_LIST = rowsOf(FLAGS);
