import { DEFAULT_PORT, parseServers, type Target } from "../../link/address.ts";
import { DEFAULT_DIAL_OPTIONS, type DialAddress, type DialOptions, type TlsClientFiles } from "../../transport/dial.ts";
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

const variable = ({ environment }: { environment: string }, from: Environment): string | undefined =>
  from[environment] || undefined;

/** What the command line says beats what the environment says. */
const listOf = ({ host, port }: Values, environment: Environment): string => {
  if (host !== undefined) return host.join(",");
  const list = port === undefined ? variable(FLAGS.host, environment) : undefined;
  return list ?? FLAGS.host.default;
};

const remote = ({ name, address }: Target): AdminTarget => {
  if ("connect" in address) throw new UsageError(`${name} is not the address of a server`);
  return { name, address };
};

const tlsOf = (values: Values, environment: Environment): TlsClientFiles => {
  const file = (name: "ssl-ca-file" | "ssl-certificate" | "ssl-key") =>
    values[name] ?? variable(FLAGS[name], environment);
  const [ca, certificate, key] = [file("ssl-ca-file"), file("ssl-certificate"), file("ssl-key")];
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UsageError("option '--ssl-certificate' needs '--ssl-key', and the other way round");
  }
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
  };
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
  return { targets, dial: { ...DEFAULT_DIAL_OPTIONS, timeout, tls: tlsOf(values, environment) } };
};
