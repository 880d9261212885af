import { DEFAULT_OPTIONS, type ServerOptions } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { ConnectionStream } from "./connection-stream.ts";
import { FakeStore } from "./fake-store.ts";
import { encode, Wire, type WireEvent } from "./wire.ts";

const PATIENCE = 15_000;

/** A connection to a server in this process that speaks in packets. */
export class Peer {
  readonly wire: Wire;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  /** Sends a request and waits until the server has served it. */
  async ask(name: Parameters<typeof encode>[0], ...args: string[]): Promise<string[]> {
    this.wire.send(encode(name, args));
    return this.heard();
  }

  /** Sends a line and waits until the server has served it. */
  async type(line: string): Promise<string[]> {
    this.wire.send(`${line}\n`);
    return this.heard();
  }

  /** What came since the last time, once the server has served all that was sent; nothing is waited for behind an unfilled slot. */
  async heard(): Promise<string[]> {
    await this.wire.fence(PATIENCE);
    return this.take();
  }

  /** Waits for that many packets. */
  async next(count = 1): Promise<string[]> {
    await this.wire.until(() => this.wire.events.length >= count, PATIENCE);
    return this.take();
  }

  take(): string[] {
    return this.wire.events.splice(0).map(show);
  }
}

const show = (event: WireEvent): string => {
  if (event.kind === "packet") return [event.name, ...event.args].join(" ");
  return event.kind === "text" ? event.text : `garbage ${event.bytes}`;
};

/** A server without ports and with a store that does as it is told; ends with the test. */
export async function startServer(options: Partial<ServerOptions> = {}) {
  const store = new FakeStore();
  const server = new Server(
    { ...DEFAULT_OPTIONS, listen: [], jobHandlePrefix: "H", drainTimeout: 50, ...options },
    store,
  );
  await server.start();
  const connect = (): Peer => new Peer(new Wire(new ConnectionStream(server.connect())));
  return { server, store, connect, [Symbol.asyncDispose]: () => server.stop() };
}
