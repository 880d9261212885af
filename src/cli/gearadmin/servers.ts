import { DEFAULT_PORT, parseServers, type Target } from "../../link/address.ts";
import { DEFAULT_DIAL_OPTIONS, type DialAddress, type DialOptions } from "../../transport/dial.ts";
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

type Environment = Readonly<Record<string, string | undefined>>;

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

/** A server that is named twice is asked once: what it is asked to do should not happen twice. */
const once = (targets: readonly AdminTarget[]): readonly AdminTarget[] =>
  targets.filter(({ name }, index) => targets.findIndex((other) => other.name === name) === index);

/** The servers that flags and environment name. Throws UsageError, or GearmanError for an address that cannot be read. */
export const serversOf = (values: Values, environment: Environment): Servers => {
  const list = listOf(values, environment);
  const targets = once(parseServers(list, values.ssl ?? false, values.port ?? DEFAULT_PORT).map(remote));
  if (targets.length === 0)
    throw new UsageError(`no server is named in '${list}': give one as -h HOST or -h HOST:PORT`);
  const timeout = values.timeout ?? DEFAULT_TIMEOUT;
  return { targets, dial: { ...DEFAULT_DIAL_OPTIONS, timeout, tls: tlsClientFiles(values, environment) } };
};
