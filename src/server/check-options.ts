import {
  all,
  type Check,
  flag,
  is,
  list,
  methods,
  object,
  optional,
  shape,
  text,
  whole,
  within,
} from "../lib/check.ts";
import { silentLogger } from "../lib/log.ts";
import { LONGEST_TIMER } from "../lib/waiting.ts";
import { STORED_DURABILITIES } from "../store/durability.ts";
import type { ListenAddress, TlsFiles } from "../transport/options.ts";
import { isHandlePrefix, PREFIX_EXPECTED } from "./handle-prefix.ts";
import { DEFAULT_OPTIONS, type ServerOptions } from "./options.ts";

const milliseconds = whole(0, LONGEST_TIMER);

const address = all(
  shape({ host: optional(text), port: optional(whole(0, 65535)), path: optional(text) }),
  is("an address, { port } or { path }", (value) => {
    const { path, port } = value as Partial<ListenAddress & { port: number }>;
    return path !== undefined || port !== undefined;
  }),
);

const tls = all(
  shape({ certificate: text, key: text, ca: optional(text), verifyClient: flag }),
  // Node would take a certificate of any public authority.
  is("files with a ca if verifyClient is true", (value) => {
    const { ca, verifyClient } = value as TlsFiles;
    return ca !== undefined || !verifyClient;
  }),
);

const limits = (defaults: object): Record<string, Check> =>
  Object.fromEntries(Object.keys(defaults).map((name) => [name, whole(0)]));

const oneStore = is("without a queue beside a dataDir: jobs are in one place", (value) => {
  const { dataDir, queue } = value as ServerOptions;
  return dataDir === undefined || queue === undefined;
});

const stored = is(
  "with a dataDir, or a queue that is not onShutdown, if a durability is given: else jobs are in memory",
  (value) => {
    const { dataDir, queue, durability } = value as ServerOptions;
    return durability === undefined || dataDir !== undefined || (queue !== undefined && !queue.onShutdown);
  },
);

const OPTIONS: Record<keyof ServerOptions, Check> = {
  listen: list(address),
  backlog: whole(0, 2 ** 31 - 1),
  keepaliveIdle: whole(0, 32767),
  tls: optional(tls),
  jobHandlePrefix: all(
    text,
    within(PREFIX_EXPECTED, (value) => isHandlePrefix(String(value))),
  ),
  jobRetries: whole(-1),
  workerWakeup: optional(whole(0)),
  dataDir: optional(
    all(
      text,
      within("a path", (value) => value !== ""),
    ),
  ),
  queue: optional(shape({ file: text, table: optional(text), onShutdown: optional(flag) })),
  durability: optional(
    is(`one of ${STORED_DURABILITIES.join(", ")}`, (value) => STORED_DURABILITIES.some((name) => name === value)),
  ),
  exceptions: flag,
  allowShutdown: flag,
  drainTimeout: milliseconds,
  verbosity: text,
  limits: shape(limits(DEFAULT_OPTIONS.limits)),
  transport: shape({ ...limits(DEFAULT_OPTIONS.transport), handshakeTimeout: milliseconds }),
  logger: methods(Object.keys(silentLogger)),
};

/** All options, as in DEFAULT_OPTIONS where they are not given. Throws TypeError or RangeError that names the one that is wrong. */
export function completeOptions(given: Partial<ServerOptions>): ServerOptions {
  object(given, "options");
  const options = { ...DEFAULT_OPTIONS, ...given };
  all(shape(OPTIONS), oneStore, stored)(options, "options");
  return options;
}
