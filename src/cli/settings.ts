import { isHandlePrefix, MAX_PREFIX_BYTES, PREFIX_EXPECTED } from "../server/handle-prefix.ts";
import { DEFAULT_OPTIONS, DEFAULT_TABLE, type ServerOptions } from "../server/options.ts";
import type { ListenAddress, TlsFiles } from "../transport/options.ts";
import { LIMIT_FLAGS } from "./flags/limits.ts";
import { DEFAULT_PORT } from "./flags/network.ts";
import { portVariable } from "./flags/parsers.ts";
import type { Values } from "./flags/table.ts";
import { TLS_FLAGS } from "./flags/tls.ts";
import type { LevelName } from "./log-levels.ts";
import { UsageError } from "./usage-error.ts";

/** The variables that gearmand reads. */
export interface Environment {
  readonly GEARMAND_PORT?: string | undefined;
  readonly GEARMAND_CA_CERTIFICATE?: string | undefined;
  readonly GEARMAND_SERVER_PEM?: string | undefined;
  readonly GEARMAND_SERVER_KEY?: string | undefined;
}

/** KUBERNETES: a service named gearmand sets GEARMAND_PORT=tcp://10.0.0.1:4730 in every pod (gearmand#320). */
export const isServiceLink = (value: string): boolean => value.startsWith("tcp://");

const portOf = (values: Values, environment: Environment): number => {
  const flag = values.port ?? DEFAULT_PORT;
  const variable = environment.GEARMAND_PORT;
  return flag !== DEFAULT_PORT || !variable || isServiceLink(variable) ? flag : portVariable("GEARMAND_PORT", variable);
};

const listenOf = (values: Values, environment: Environment): readonly ListenAddress[] => {
  const port = portOf(values, environment);
  const places = values.listen ?? [{ host: undefined, port }];
  return places.map((place) => ("path" in place ? place : { host: place.host, port: place.port ?? port }));
};

const tlsFile = (
  name: "ssl-ca-file" | "ssl-certificate" | "ssl-key",
  values: Values,
  environment: Environment,
): string => environment[TLS_FLAGS[name].environment] ?? values[name] ?? TLS_FLAGS[name].default;

const tlsOf = (values: Values, environment: Environment): TlsFiles | undefined => {
  const verifyClient = values["ssl-verify-client"] ?? false;
  if (!values.ssl && verifyClient) throw new UsageError("option '--ssl-verify-client' needs '--ssl'");
  if (!values.ssl) return undefined;
  return {
    certificate: tlsFile("ssl-certificate", values, environment),
    key: tlsFile("ssl-key", values, environment),
    ca: verifyClient ? tlsFile("ssl-ca-file", values, environment) : undefined,
    verifyClient,
  };
};

const cutToBytes = (text: string, bytes: number): string =>
  new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).replace(/\uFFFD$/, "");

/** The beginning of handles; without the flag, of the host's name. Throws UsageError. */
export const prefixOf = (values: Pick<Values, "job-handle-prefix">, hostname: string): string => {
  const prefix = values["job-handle-prefix"];
  if (prefix === undefined) return cutToBytes(`H:${hostname}`, MAX_PREFIX_BYTES);
  if (!isHandlePrefix(prefix)) throw new UsageError(`job-handle-prefix must be ${PREFIX_EXPECTED}`);
  return prefix;
};

/** The queue types of gearmand that there are here. */
const isSqliteQueue = (values: Values): boolean => values["queue-type"]?.toLowerCase() === "libsqlite3";

const OF_SQLITE = ["libsqlite3-db", "libsqlite3-table", "store-queue-on-shutdown"] as const;

const refuseLonely = (values: Values): void => {
  const lonely = OF_SQLITE.find((name) => values[name] !== undefined);
  if (lonely !== undefined) throw new UsageError(`option '--${lonely}' needs '--queue-type=libsqlite3'`);
};

const queueOf = (values: Values): ServerOptions["queue"] => {
  if (!isSqliteQueue(values)) return void refuseLonely(values);
  const { "libsqlite3-db": file, "libsqlite3-table": table, "store-queue-on-shutdown": onShutdown = false } = values;
  if (file === undefined) throw new UsageError("option '--queue-type=libsqlite3' needs '--libsqlite3-db'");
  if (values["data-dir"] !== undefined)
    throw new UsageError("option '--queue-type=libsqlite3' is not for '--data-dir': jobs are kept in one place");
  return { file, table: table ?? DEFAULT_TABLE, onShutdown };
};

const durabilityOf = (values: Values): ServerOptions["durability"] => {
  const { durability, "data-dir": dataDir, "store-queue-on-shutdown": onShutdown = false } = values;
  if (durability !== undefined && (onShutdown || (dataDir === undefined && !isSqliteQueue(values)))) {
    const needs = "needs '--data-dir' or '--queue-type=libsqlite3', and is not for '--store-queue-on-shutdown'";
    throw new UsageError(`option '--durability' ${needs}`);
  }
  return durability;
};

const limitsOf = (values: Values): Pick<ServerOptions, "limits" | "transport"> => {
  const limits: Record<string, number> = { ...DEFAULT_OPTIONS.limits };
  const transport: Record<string, number> = { ...DEFAULT_OPTIONS.transport };
  for (const [name, { limit }] of Object.entries(LIMIT_FLAGS)) {
    const value = values[name as keyof typeof LIMIT_FLAGS];
    if (value !== undefined) (limit in limits ? limits : transport)[limit] = value;
  }
  return { limits, transport } as unknown as Pick<ServerOptions, "limits" | "transport">;
};

/** The log level that was asked for, by gearmand's name. */
export const verbosityOf = ({ verbose, v = 0 }: Values): LevelName =>
  verbose ?? (v === 0 ? "ERROR" : v === 1 ? "INFO" : "DEBUG");

const keepaliveOf = (seconds = -1): number => (seconds === -1 ? DEFAULT_OPTIONS.keepaliveIdle : seconds);

/** What the server is told. Throws UsageError. */
export const serverOptions = (
  values: Values,
  environment: Environment,
  hostname: string,
): Omit<ServerOptions, "logger"> => ({
  listen: listenOf(values, environment),
  backlog: values.backlog ?? DEFAULT_OPTIONS.backlog,
  keepaliveIdle: keepaliveOf(values["keepalive-idle"]),
  tls: tlsOf(values, environment),
  jobHandlePrefix: prefixOf(values, hostname),
  jobRetries: values["job-retries"] ?? DEFAULT_OPTIONS.jobRetries,
  workerWakeup: values["worker-wakeup"],
  dataDir: values["data-dir"],
  queue: queueOf(values),
  durability: durabilityOf(values),
  exceptions: values.exceptions ?? false,
  allowShutdown: values["allow-shutdown"] ?? false,
  drainTimeout: values["drain-timeout"] ?? DEFAULT_OPTIONS.drainTimeout,
  verbosity: verbosityOf(values),
  ...limitsOf(values),
});
