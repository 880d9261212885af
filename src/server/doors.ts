import type { Connection } from "../transport/connection.ts";
import { fileLimit } from "../transport/file-limit.ts";
import { Listener, type ListenerOptions } from "../transport/listener.ts";
import type { BoundAddress, ListenAddress } from "../transport/options.ts";
import { AddressLimiter } from "./address-limiter.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { ServerOptions } from "./options.ts";
import { StartError } from "./start-error.ts";

/** File descriptors kept for logs, stores and the event loop itself. */
const RESERVE = 32;

/** All listening addresses of a server, and who is let in. */
export class Doors {
  readonly #options: ServerOptions;
  readonly #counters: ConnectionCounters;
  readonly #limiter: AddressLimiter;
  readonly #maxConnections: number;
  readonly #connected: (connection: Connection) => void;
  #listeners: Listener[] = [];

  constructor(options: ServerOptions, counters: ConnectionCounters, connected: (connection: Connection) => void) {
    this.#options = options;
    this.#counters = counters;
    this.#connected = connected;
    this.#limiter = new AddressLimiter(options.transport);
    this.#maxConnections = options.transport.maxConnections || Math.max(1, fileLimit() - RESERVE);
  }

  /** Opens all or none. */
  async open(): Promise<readonly BoundAddress[]> {
    for (const address of this.#options.listen) await this.#openOne(address);
    return this.#listeners.map((listener) => listener.address);
  }

  close(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }

  reload(): void {
    for (const listener of this.#listeners) listener.reload();
  }

  async #openOne(address: ListenAddress): Promise<void> {
    try {
      this.#listeners.push(await Listener.open(address, this.#listenerOptions()));
    } catch (error) {
      this.close();
      throw StartError.at(nameOf(address), error);
    }
  }

  #listenerOptions(): ListenerOptions {
    const { backlog, keepaliveIdle, tls, transport, logger } = this.#options;
    return {
      backlog,
      keepaliveIdle,
      tls,
      handshakeTimeout: transport.handshakeTimeout,
      maxConnections: this.#maxConnections,
      connected: (connection) => this.#admit(connection),
      dropped: () => this.#drop("too many connections"),
      handshakeFailed: (address, reason) => {
        this.#counters.handshakesFailed++;
        logger.warn({ address, reason }, "TLS handshake failed");
      },
    };
  }

  /** A connection that came in is gone. */
  released(connection: Connection): void {
    this.#limiter.release(connection.remote.address, performance.now());
  }

  #admit(connection: Connection): void {
    const why = this.#refusal(connection);
    if (why === undefined) return this.#connected(connection);
    this.#drop(why);
    return connection.destroy();
  }

  #refusal({ remote }: Connection): string | undefined {
    // Each listener keeps to the limit by itself, handshakes included; here it is kept to over all.
    if (this.#counters.accepted - this.#counters.closed >= this.#maxConnections) return "too many connections";
    if (!this.#limiter.admit(remote.address, performance.now())) return "too many connections from one address";
    return undefined;
  }

  #drop(why: string): void {
    this.#counters.dropped++;
    this.#options.logger.warn({ why }, "connection refused");
  }
}

function nameOf(address: ListenAddress): string {
  return address.path ?? `${address.host ?? "*"}:${address.port}`;
}
