import { OTHER_QUEUE } from "./flags/queues.ts";
import { FLAG_LIST, type Values } from "./flags/table.ts";
import type { Environment } from "./settings.ts";
import { isServiceLink } from "./settings.ts";
import { UsageError } from "./usage-error.ts";

const QUEUES = ["builtin", "memory", "libsqlite3"];

/** The queue types of gearmand 1.1.20 and 2.0 that are not here. */
const OTHER_QUEUES = ["postgres", "mysql", "redis", "libmemcached", "libtokyocabinet", "libdrizzle"];

const refuseQueue = (type: string): void => {
  const why = OTHER_QUEUES.includes(type.toLowerCase()) ? ` (${OTHER_QUEUE})` : "";
  if (!QUEUES.includes(type.toLowerCase())) throw new UsageError(`Error while initializing the queue : ${type}${why}`);
};

/** Throws UsageError when a flag asks for what is not built. */
export const refuseUnsupported = (values: Values): void => {
  refuseQueue(values["queue-type"] ?? "builtin");
  if (values.protocol !== undefined && values.protocol !== "http") {
    throw new UsageError(`Unknown protocol module : ${values.protocol}`);
  }
  for (const [name, { refused }] of FLAG_LIST) {
    if (refused && values[name] !== undefined) throw new UsageError(`option '--${name}' is refused: ${refused}`);
  }
};

/** What the operator should know of the queue that he asked for. */
export const queueWarnings = (values: Values): readonly string[] =>
  values["store-queue-on-shutdown"]
    ? ["--store-queue-on-shutdown: background jobs are in memory until a clean stop, and a crash loses them all"]
    : [];

/** What the given flags and variables don't do, each with its reason: said at start. */
export const withoutEffect = (values: Values, environment: Environment): readonly string[] => {
  const flags = FLAG_LIST.flatMap(([name, { ignored }]) =>
    ignored && values[name] !== undefined ? [`--${name} has no effect: ${ignored}`] : [],
  );
  const variable = environment.GEARMAND_PORT ?? "";
  return isServiceLink(variable)
    ? [...flags, `GEARMAND_PORT=${variable} is ignored: Kubernetes sets it for a service named gearmand`]
    : flags;
};
