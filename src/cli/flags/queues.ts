import { DEFAULT_OPTIONS } from "../../server/options.ts";
import { durabilityText, STORED_DURABILITIES } from "../../store/durability.ts";
import type { Flag } from "./flag.ts";
import { directory, oneOf, text } from "./parsers.ts";

const pluginFlags = <const Names extends readonly string[]>(
  queue: string,
  names: Names,
): Record<Names[number], Flag<string>> => {
  const row = (name: string): Flag<string> => ({
    ...(name === "store-queue-on-shutdown" ? {} : { argument: "VALUE", parse: text }),
    group: "Queue types",
    help: `Setting of the queue type ${queue}.`,
    refused: `it belongs to the queue type ${queue}, which gearmand-ts does not have yet`,
    rare: true,
  });
  return Object.fromEntries(names.map((name) => [name, row(name)])) as Record<Names[number], Flag<string>>;
};

export const QUEUE_FLAGS = {
  "data-dir": {
    argument: "DIR",
    parse: directory,
    group: "Queue types",
    help: "Keep background jobs in this directory, through crashes.",
    more: "It is made if it does not exist, for this user alone, and belongs to one running server.",
    ours: true,
  },
  durability: {
    argument: "MODE",
    parse: oneOf(STORED_DURABILITIES),
    default: DEFAULT_OPTIONS.durability,
    group: "Queue types",
    help: "What the data directory survives: full, normal or off.",
    more: `With a data directory. ${STORED_DURABILITIES.map(durabilityText).join(". ")}.`,
    ours: true,
  },
  "queue-type": {
    short: "q",
    argument: "TYPE",
    parse: text,
    default: "builtin",
    group: "Queue types",
    help: "builtin or memory: jobs are kept in memory only.",
    more: "The types of gearmand that store jobs are refused, as gearmand-ts does not have them yet.",
  },
  ...pluginFlags("libsqlite3", ["libsqlite3-db", "libsqlite3-table", "store-queue-on-shutdown"]),
  ...pluginFlags("Postgres", ["libpq-conninfo", "libpq-table"]),
  ...pluginFlags("MySQL", ["mysql-host", "mysql-port", "mysql-user", "mysql-password", "mysql-db", "mysql-table"]),
  ...pluginFlags("redis", ["redis-server", "redis-port", "redis-password", "redis-prefix"]),
  ...pluginFlags("libmemcached", ["libmemcached-servers", "libmemcached-prefix"]),
  ...pluginFlags("libtokyocabinet", ["libtokyocabinet-file", "libtokyocabinet-optimize"]),
} as const satisfies Record<string, Flag>;
