import { DEFAULT_TABLE } from "../../server/options.ts";
import { DEFAULT_DURABILITY, durabilityText, STORED_DURABILITIES } from "../../store/durability.ts";
import type { Flag } from "./flag.ts";
import { directory, file, name, oneOf, text } from "./parsers.ts";

/** What to do about a queue type that is not here. */
export const OTHER_QUEUE =
  "gearmand-ts does not have that queue type: let gearmand empty it, and keep jobs with --data-dir, or in gearmand's SQLite queue with -q libsqlite3";

const pluginFlags = <const Names extends readonly string[]>(
  queue: string,
  names: Names,
): Record<Names[number], Flag<string>> => {
  const row: Flag<string> = {
    argument: "VALUE",
    parse: text,
    group: "Queue types",
    help: `Setting of the queue type ${queue}.`,
    refused: `it belongs to the queue type ${queue}; ${OTHER_QUEUE}`,
    rare: true,
  };
  return Object.fromEntries(names.map((name) => [name, row])) as Record<Names[number], Flag<string>>;
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
    default: DEFAULT_DURABILITY,
    group: "Queue types",
    help: "What the data directory survives: full, normal or off.",
    more: `With a data directory or -q libsqlite3. ${STORED_DURABILITIES.map(durabilityText).join(". ")}.`,
    ours: true,
  },
  "queue-type": {
    short: "q",
    argument: "TYPE",
    parse: text,
    default: "builtin",
    group: "Queue types",
    help: "builtin or memory: in memory only; libsqlite3: gearmand's SQLite queue.",
    more: "In any case of letters. With --data-dir jobs are kept there. The other types of gearmand that store jobs are refused.",
  },
  "libsqlite3-db": {
    argument: "FILE",
    parse: file,
    group: "Queue types",
    help: "The file of gearmand's SQLite queue.",
    more: "For -q libsqlite3, which needs it. It is made if it does not exist. gearmand 1.1.20 can start on it after gearmand-ts, and the other way round; see [migration](migration.md#gearmands-sqlite-queue).",
  },
  "libsqlite3-table": {
    argument: "TABLE",
    parse: name,
    default: DEFAULT_TABLE,
    group: "Queue types",
    help: "The table in that file.",
    rare: true,
  },
  "store-queue-on-shutdown": {
    group: "Queue types",
    help: "Write that file only at a clean stop.",
    more: "Background jobs are in memory until then, and a crash loses them all.",
    rare: true,
  },
  ...pluginFlags("Postgres", ["libpq-conninfo", "libpq-table"]),
  ...pluginFlags("MySQL", ["mysql-host", "mysql-port", "mysql-user", "mysql-password", "mysql-db", "mysql-table"]),
  ...pluginFlags("redis", ["redis-server", "redis-port", "redis-password", "redis-prefix"]),
  ...pluginFlags("libmemcached", ["libmemcached-servers", "libmemcached-prefix"]),
  ...pluginFlags("libtokyocabinet", ["libtokyocabinet-file", "libtokyocabinet-optimize"]),
} as const satisfies Record<string, Flag>;
