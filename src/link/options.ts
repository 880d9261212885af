import { type Logger, silentLogger } from "../lib/log.ts";
import { LONGEST_TIMER } from "../lib/waiting.ts";
import { DEFAULT_DIAL_OPTIONS, type TlsClientFiles } from "../transport/dial.ts";
import type { ServerAddress } from "./address.ts";
import { GearmanError } from "./errors.ts";
import type { Auth, OpenOptions } from "./open-link.ts";
import { toWire } from "./wire-text.ts";

/** What clients and workers are told about their servers. */
export interface ServersOptions {
  /** One or more; `["localhost:4730"]` if it is not said. */
  readonly servers?: ServerAddress | readonly ServerAddress[];
  /** The certificates for `tls://` servers. */
  readonly tls?: TlsClientFiles;
  /** Proves to each server who we are, before anything else is sent. */
  readonly auth?: Auth;
  /** The name under which the text command `workers` lists our connections. */
  readonly id?: string;
  /** Milliseconds until a connection, its TLS handshake included, must stand: 3000. */
  readonly connectTimeout?: number;
  /** Anything with pino's six methods; silent if it is not said. */
  readonly logger?: Logger;
}

export const DEFAULT_SERVERS: readonly ServerAddress[] = ["localhost"];

/** Throws if there are none. */
export function serversOf({ servers = DEFAULT_SERVERS }: ServersOptions): readonly ServerAddress[] {
  const list: readonly ServerAddress[] = Array.isArray(servers) ? servers : [servers as ServerAddress];
  if (list.length === 0) throw new GearmanError("ADDRESS", "there are no servers: give at least one");
  return list;
}

/** Throws if a connection cannot be opened with them. */
export function openOptions({ tls, auth, id, connectTimeout }: ServersOptions): OpenOptions {
  const { timeout: usual, keepalive } = DEFAULT_DIAL_OPTIONS;
  const timeout = connectTimeout ?? usual;
  if (!(timeout > 0 && timeout <= LONGEST_TIMER))
    throw new GearmanError("ARGUMENT", `connectTimeout is ${timeout}: give milliseconds from 1 to ${LONGEST_TIMER}`);
  if (id !== undefined) toWire("id", id);
  return { timeout, tls: tls ?? {}, keepalive, auth, id };
}

export function loggerOf({ logger }: ServersOptions): Logger {
  return logger ?? silentLogger;
}
