import { DEFAULT_PORT, parseServers } from "../../link/address.ts";
import type { TlsClientFiles } from "../../transport/dial.ts";
import { tlsClientFiles } from "../flags/tls-client.ts";
import { UsageError } from "../usage-error.ts";
import { FLAGS, type Values } from "./flags.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whom to talk to, as the library takes it. */
export interface Servers {
  readonly servers: readonly string[];
  readonly tls: TlsClientFiles;
}

/** C: GEARMAN_SERVER beats the flags. GEARMAN_SERVERS is what libgearman and gearadmin-ts read: it is a default. */
const listOf = ({ host, port }: Values, environment: Environment): string => {
  const { GEARMAN_SERVER, GEARMAN_SERVERS } = environment;
  if (GEARMAN_SERVER) return GEARMAN_SERVER;
  if (host !== undefined) return host.join(",");
  return (port === undefined && GEARMAN_SERVERS) || FLAGS.host.default;
};

/** Throws UsageError, or GearmanError for an address that cannot be read. */
export const serversOf = (values: Values, environment: Environment): Servers => {
  const list = listOf(values, environment);
  const targets = parseServers(list, values.ssl ?? false, values.port ?? DEFAULT_PORT);
  if (targets.length === 0)
    throw new UsageError(`no server is named in '${list}': give one as -h HOST or -h HOST:PORT`);
  return { servers: [...new Set(targets.map(({ name }) => name))], tls: tlsClientFiles(values, environment) };
};
