import { type Logger, silentLogger } from "../lib/log.ts";
import { DEFAULT_DIAL_OPTIONS, type TlsClientFiles } from "../transport/dial.ts";
import type { ServerAddress } from "./address.ts";
import type { Auth, OpenOptions } from "./open-link.ts";

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

export function serversOf({ servers = DEFAULT_SERVERS }: ServersOptions): readonly ServerAddress[] {
  return Array.isArray(servers) ? servers : [servers as ServerAddress];
}

export function openOptions({ tls, auth, id, connectTimeout }: ServersOptions): OpenOptions {
  const { timeout, keepalive } = DEFAULT_DIAL_OPTIONS;
  return { timeout: connectTimeout ?? timeout, tls: tls ?? {}, keepalive, auth, id };
}

export function loggerOf({ logger }: ServersOptions): Logger {
  return logger ?? silentLogger;
}
