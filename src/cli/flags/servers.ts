import { DEFAULT_PORT, parseServers, type Target } from "../../link/address.ts";
import { UsageError } from "../usage-error.ts";
import { text } from "./parsers.ts";

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `-h` of the programs that talk to servers. */
export const hostFlag = <const Group extends string, const Variable extends string>(
  group: Group,
  environment: Variable,
  more: string,
) =>
  ({
    short: "h",
    argument: "SERVERS",
    parse: text,
    repeatable: true,
    default: "localhost",
    group,
    help: "HOST, HOST:PORT, [IPV6]:PORT, tls://HOST:PORT or unix:/PATH; several, with commas.",
    more,
    environment,
  }) as const;

/** The servers of a list. One that is named twice is there once: what it is asked to do should not happen twice. Throws UsageError, or GearmanError for an address that cannot be read. */
export const targetsIn = (list: string, tls = false, port: number = DEFAULT_PORT): readonly Target[] => {
  const targets = parseServers(list, tls, port);
  if (targets.length === 0)
    throw new UsageError(`no server is named in '${list}': give one as -h HOST or -h HOST:PORT`);
  return [...new Map(targets.map((target) => [target.name, target])).values()];
};
