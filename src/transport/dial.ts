import { readFileSync } from "node:fs";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Connection } from "./connection.ts";
import { SocketConnection } from "./socket-connection.ts";

export { isIPv6 } from "node:net";

/** Where a server listens. A Unix socket is never TLS: its file permissions protect it. */
export type DialAddress =
  | { readonly host: string; readonly port: number; readonly tls: boolean; readonly path?: undefined }
  | { readonly path: string };

/** PEM files for connections to servers that speak TLS; they are read for each connection, so that a renewed one is seen. */
export interface TlsClientFiles {
  /** Certificates that the server's must chain to; the system's if there is none. */
  readonly ca?: string;
  /** Our certificate, for servers that ask for one; with `key`. */
  readonly certificate?: string;
  readonly key?: string;
  /** The name that the server's certificate must bear, if it is not the host's. */
  readonly serverName?: string;
}

export interface DialOptions {
  /** Milliseconds until the connection, its TLS handshake included, must stand. */
  readonly timeout: number;
  readonly tls: TlsClientFiles;
  /** Idle milliseconds before the kernel probes whether the peer is still there. */
  readonly keepalive: number;
}

export const DEFAULT_DIAL_OPTIONS: DialOptions = { timeout: 3000, tls: {}, keepalive: 60_000 };

/**
 * Opens a connection; rejects with the system's error, or with one that has the code ETIMEDOUT.
 *
 * @param signal gives the attempt up, with its reason; a connection that stands is not touched
 */
export function dial(address: DialAddress, options: DialOptions, signal?: AbortSignal): Promise<Connection> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = open(address, options); // a certificate file that cannot be read rejects, too
    const timer = setTimeout(() => socket.destroy(timeoutError(options.timeout)), options.timeout);
    const giveUp = (): void => void socket.destroy(signal?.reason);
    signal?.addEventListener("abort", giveUp);
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      socket.removeListener("error", failed);
    };
    const failed = (error: Error): void => {
      settled();
      reject(error);
    };
    socket.once("error", failed);
    socket.once(isTls(address) ? "secureConnect" : "connect", () => {
      settled();
      resolve(new SocketConnection(socket, address.path));
    });
  });
}

function isTls(address: DialAddress): boolean {
  return address.path === undefined && address.tls;
}

function open(address: DialAddress, { tls, keepalive }: DialOptions): Socket {
  if (address.path !== undefined) return connect({ path: address.path });
  const { host, port } = address;
  const target = { host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepalive };
  return address.tls ? connectTls({ ...target, ...identity(tls, host) }) : connect(target);
}

function identity(tls: TlsClientFiles, host: string): ConnectionOptions {
  const name = tls.serverName ?? (isIP(host) === 0 ? host : undefined);
  return {
    minVersion: "TLSv1.2",
    // The name that is asked for, and that the certificate must bear; an address cannot be asked for.
    ...(name === undefined ? {} : { servername: name }),
    ...(tls.ca === undefined ? {} : { ca: readFileSync(tls.ca) }),
    ...(tls.certificate === undefined ? {} : { cert: readFileSync(tls.certificate) }),
    ...(tls.key === undefined ? {} : { key: readFileSync(tls.key) }),
  };
}

/** What `dial` rejects with when time has passed. */
export function timeoutError(milliseconds: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: "ETIMEDOUT" });
}
