import type { Flag, ValueOf } from "./flag.ts";
import { GENERAL_FLAGS } from "./general.ts";
import { JOB_FLAGS } from "./jobs.ts";
import { LIMIT_FLAGS } from "./limits.ts";
import { LOG_FLAGS } from "./log.ts";
import { NETWORK_FLAGS } from "./network.ts";
import { QUEUE_FLAGS } from "./queues.ts";
import { TLS_FLAGS } from "./tls.ts";

/** Every flag of gearmand 1.1.20 and 2.0, and ours, by its long name: the one place that knows them. */
const FLAGS = {
  ...GENERAL_FLAGS,
  ...NETWORK_FLAGS,
  ...TLS_FLAGS,
  ...JOB_FLAGS,
  ...LOG_FLAGS,
  ...QUEUE_FLAGS,
  ...LIMIT_FLAGS,
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof FLAGS;

/** The flags that were given, with their values. */
export type Values = { readonly [Name in FlagName]?: ValueOf<(typeof FLAGS)[Name]> };

export const FLAG_LIST = Object.entries(FLAGS) as unknown as readonly (readonly [FlagName, Flag])[];
