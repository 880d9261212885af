import type { Target } from "../../link/address.ts";
import { DEFAULT_DIAL_OPTIONS, type DialAddress, type DialOptions } from "../../transport/dial.ts";
import { type Environment, targetsIn } from "../flags/servers.ts";
import { tlsClientFiles } from "../flags/tls-client.ts";
import { UsageError } from "../usage-error.ts";
import { DEFAULT_TIMEOUT, FLAGS, type Values } from "./flags.ts";

/** A server as it is dialled and named. */
export interface AdminTarget {
  readonly name: string;
  readonly address: DialAddress;
}

/** Whom to ask, and how. */
export interface Servers {
  readonly targets: readonly AdminTarget[];
  /** Its timeout is that of replies, too. */
  readonly dial: DialOptions;
}

/** What the command line says beats what the environment says. */
const listOf = ({ host, port }: Values, environment: Environment): string => {
  if (host !== undefined) return host.join(",");
  const list = port === undefined ? environment[FLAGS.host.environment] : undefined;
  return list || FLAGS.host.default;
};

const remote = ({ name, address }: Target): AdminTarget => {
  if ("connect" in address) throw new UsageError(`${name} is not the address of a server`);
  return { name, address };
};

/** The servers that flags and environment name. Throws UsageError, or GearmanError for an address that cannot be read. */
export const serversOf = (values: Values, environment: Environment): Servers => {
  const targets = targetsIn(listOf(values, environment), values.ssl, values.port).map(remote);
  const timeout = values.timeout ?? DEFAULT_TIMEOUT;
  return { targets, dial: { ...DEFAULT_DIAL_OPTIONS, timeout, tls: tlsClientFiles(values, environment) } };
};
