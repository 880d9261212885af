import type { TlsClientFiles } from "../../transport/dial.ts";
import { type Environment, targetsIn } from "../flags/servers.ts";
import { tlsClientFiles } from "../flags/tls-client.ts";
import { FLAGS, type Values } from "./flags.ts";

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
  const targets = targetsIn(listOf(values, environment), values.ssl, values.port);
  return { servers: targets.map(({ name }) => name), tls: tlsClientFiles(values, environment) };
};
