import { LimitedLog } from "../lib/limited-log.ts";
import type { Connection } from "../transport/connection.ts";
import { Listener, type ListenerOptions } from "../transport/listener.ts";
import type { BoundAddress, ListenAddress } from "../transport/options.ts";
import { checkTls } from "../transport/tls.ts";
import { AddressLimiter } from "./address-limiter.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { ServerOptions } from "./options.ts";
import { StartError } from "./start-error.ts";

/** What lies behind the doors. */
export interface House {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** How many connections are in. */
  readonly inside: () => number;
  /** One more comes in. */
  readonly enter: (connection: Connection) => void;
}

/** All listening addresses of a server, and who is let in. */
export class Doors {
  readonly #options: ServerOptions;
  readonly #counters: ConnectionCounters;
  readonly #limiter: AddressLimiter;
  readonly #house: House;
  readonly #log: LimitedLog;
  #listeners: Listener[] = [];
  #closed = false;

  constructor(options: ServerOptions, counters: ConnectionCounters, house: House) {
    this.#options = options;
    this.#counters = counters;
    this.#house = house;
    this.#log = new LimitedLog(options.logger, house.now);
    this.#limiter = new AddressLimiter(options.transport);
  }

  /** Opens all or none; none once they were closed. */
  async open(): Promise<readonly BoundAddress[]> {
    this.#checkTls();
    for (const address of this.#options.listen) await this.#openOne(address);
    if (this.#closed) throw new StartError("ERR_STOPPED", "The server was stopped before it had started", undefined);
    return this.#listeners.map((listener) => listener.address);
  }

  /** For good: who is still at the door is sent away. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }

  /** False without TLS. Throws a StartError, and keeps the certificates that are in use, if the new ones cannot be used. */
  reload(): boolean {
    this.#checkTls();
    for (const listener of this.#listeners) listener.reload();
    return this.#options.tls !== undefined;
  }

  /** A connection that came in is gone. */
  released(connection: Connection): void {
    this.#limiter.release(connection.remote.address, this.#house.now());
  }

  /** Lets a connection in, or sends it away. */
  admit(connection: Connection): void {
    const why = this.#refusal(connection);
    if (why === undefined) return this.#house.enter(connection);
    this.#drop(why);
    return connection.destroy();
  }

  #checkTls(): void {
    const { tls } = this.#options;
    if (tls === undefined) return;
    try {
      checkTls(tls);
    } catch (error) {
      throw StartError.tls(tls, error);
    }
  }

  async #openOne(address: ListenAddress): Promise<void> {
    try {
      this.#listeners.push(await Listener.open(address, this.#listenerOptions()));
      if (this.#closed) this.close();
    } catch (error) {
      this.close();
      throw StartError.at(address, error);
    }
  }

  #listenerOptions(): ListenerOptions {
    const { backlog, keepaliveIdle, tls, transport } = this.#options;
    return {
      backlog,
      keepaliveIdle,
      tls,
      handshakeTimeout: transport.handshakeTimeout,
      maxConnections: transport.maxConnections,
      connected: (connection) => this.admit(connection),
      dropped: (why) => this.#drop(why),
      handshakeFailed: (address, reason) => {
        this.#counters.handshakesFailed++;
        this.#log.warn({ address, reason }, "TLS handshake failed");
      },
    };
  }

  #refusal({ remote }: Connection): string | undefined {
    // Each listener keeps to the limit by itself, handshakes included; here it is kept to over all.
    if (this.#closed) return "the server is stopping";
    if (this.#house.inside() >= this.#options.transport.maxConnections) return "too many connections";
    if (!this.#limiter.admit(remote.address, this.#house.now())) return "too many connections from one address";
    return undefined;
  }

  #drop(why: string): void {
    this.#counters.dropped++;
    this.#log.warn({ why }, "connection refused");
  }
}
