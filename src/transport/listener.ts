import { lstatSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import type { Connection } from "./connection.ts";
import type { BoundAddress, ListenAddress, TlsFiles } from "./options.ts";
import { SocketConnection } from "./socket-connection.ts";
import { readTls } from "./tls.ts";

/** What a listener is told, and whom it tells. */
export interface ListenerOptions {
  readonly backlog: number;
  /** Idle time before the kernel probes a connection, seconds; 0: no probes. */
  readonly keepaliveIdle: number;
  readonly tls: TlsFiles | undefined;
  /** Milliseconds. */
  readonly handshakeTimeout: number;
  /** Connections open at once on this listener. */
  readonly maxConnections: number;
  readonly connected: (connection: Connection) => void;
  /** A connection was closed on accept. */
  readonly dropped: (why: string) => void;
  /** A TLS handshake failed or took too long. */
  readonly handshakeFailed: (address: string, reason: string) => void;
}

/** One listening address. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #path: string | undefined;

  private constructor(address: ListenAddress, options: ListenerOptions) {
    this.#options = options;
    this.#path = address.path;
    this.#server = this.#create();
    this.#server.maxConnections = options.maxConnections;
    this.#server.on("drop", () => options.dropped("too many connections"));
  }

  /** Opens the address; rejects with the system's error. */
  static async open(address: ListenAddress, options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(address, options);
    if (address.path !== undefined) await removeStale(address.path);
    await listening(listener.#server, { ...nodeAddress(address), backlog: options.backlog });
    // From now on an error is one of accept, which is not the end: libuv sheds connections at the file-descriptor limit.
    listener.#server.on("error", (error) => options.dropped(error.message));
    return listener;
  }

  get address(): BoundAddress {
    const bound = this.#server.address();
    if (bound === null || typeof bound === "string") return { path: bound ?? "" };
    return { host: bound.address, port: bound.port };
  }

  /** Reads the certificate files again: new connections see them. */
  reload(): void {
    const { tls } = this.#options;
    if (tls !== undefined && this.#path === undefined) (this.#server as TlsServer).setSecureContext(readTls(tls));
  }

  /** Accepts no more; open connections stay. */
  close(): void {
    this.#server.close();
  }

  /** A Unix socket's file permissions protect it: it is never TLS. */
  #create(): Server {
    const { tls, handshakeTimeout } = this.#options;
    const options = { allowHalfOpen: true, noDelay: true };
    if (tls === undefined || this.#path !== undefined) return createServer(options, (socket) => this.#accept(socket));
    const server = createTlsServer({ ...options, ...readTls(tls), handshakeTimeout }, (socket) => this.#accept(socket));
    server.on("tlsClientError", (error, socket) => {
      this.#options.handshakeFailed(socket.remoteAddress ?? "unknown", error.message);
      socket.destroy();
    });
    return server;
  }

  #accept(socket: Socket): void {
    const { keepaliveIdle, connected } = this.#options;
    if (keepaliveIdle > 0) socket.setKeepAlive(true, keepaliveIdle * 1000);
    connected(new SocketConnection(socket, this.#path));
  }
}

function nodeAddress(address: ListenAddress): { host?: string; port?: number; path?: string } {
  if (address.path !== undefined) return { path: address.path };
  return address.host === undefined ? { port: address.port } : { host: address.host, port: address.port };
}

function listening(server: Server, options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

/** A socket file that nobody listens on was left by a crash: it goes. Any other file stays, and listening fails. */
async function removeStale(path: string): Promise<void> {
  const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true;
  if (isSocket && (await refuses(path))) rmSync(path);
}

function refuses(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect({ path }, () => resolve(false));
    probe.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
    probe.on("connect", () => probe.destroy());
  });
}
