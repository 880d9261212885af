import type { Connection } from "../transport/connection.ts";
import { type DialAddress, isIPv6 } from "../transport/dial.ts";
import { GearmanError } from "./errors.ts";

/** The port that IANA assigned to Gearman. */
export const DEFAULT_PORT = 4730;

/** Something in this process that gives connections: a `Server` of this package, without any port. */
export interface Connectable {
  connect(): Connection;
}

/**
 * A job server: `host`, `host:port`, `[::1]:port`, `::1`, `tls://host:port`, `unix:/path`, or a server in this process.
 * Without a port: 4730.
 */
export type ServerAddress = string | Connectable;

/** A server as it is dialled and as it is named in errors, events and logs. */
export interface Target {
  readonly name: string;
  readonly address: DialAddress | Connectable;
}

const EXPECTED = 'expected "host", "host:port", "[::1]:port", "tls://host:port" or "unix:/path"';
const TCP = /^(?<scheme>tcp:\/\/|tls:\/\/)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^\s,:/[\]]+))(?::(?<port>\d{1,5}))?\/?$/;

/**
 * @param tls whether addresses that name no scheme are TLS
 * @param port of addresses that name none
 */
export function parseServer(server: ServerAddress, tls = false, port: number = DEFAULT_PORT): Target {
  if (typeof server !== "string") return { name: "memory", address: server };
  const path = /^unix:(?:\/\/)?(\/.+)$/.exec(server)?.[1];
  if (path !== undefined) return { name: `unix:${path}`, address: { path } };
  // Without brackets, as the C tools take it: then there is no port.
  return parseTcp(isIPv6(server) ? `[${server}]` : server, tls, port);
}

/** Servers parted by commas, as in GEARMAN_SERVERS. */
export function parseServers(list: string, tls = false, port: number = DEFAULT_PORT): Target[] {
  return list
    .split(",")
    .map((server) => server.trim())
    .filter((server) => server !== "")
    .map((server) => parseServer(server, tls, port));
}

function parseTcp(server: string, tls: boolean, defaultPort: number): Target {
  const { scheme, v6, host = v6, port: digits } = TCP.exec(server)?.groups ?? {};
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || (v6 !== undefined && !isIPv6(v6)) || port < 1 || port > 65_535) {
    throw new GearmanError("ADDRESS", `"${server}" is not the address of a job server: ${EXPECTED}`);
  }
  const secure = scheme === "tls://" || (tls && scheme !== "tcp://");
  const name = `${secure ? "tls://" : ""}${v6 === undefined ? host : `[${v6}]`}:${port}`;
  return { name, address: { host, port, tls: secure } };
}

/** Servers as they are dialled. Those in this process have no address to tell them apart by: they are numbered. */
export function targetsOf(servers: readonly ServerAddress[]): Target[] {
  return servers.map((server, index) => {
    const { name, address } = parseServer(server);
    return { name: "connect" in address ? `${name}#${index + 1}` : name, address };
  });
}
