import { once } from "node:events";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { createServer, type Server, type ServerOptions, type TransportLimits } from "../../src/index.ts";
import type { PacketName } from "../../src/protocol/packets.ts";
import { DEFAULT_TRANSPORT_LIMITS } from "../../src/transport/options.ts";
import { Peer } from "./server-harness.ts";
import { encode, Wire } from "./wire.ts";

/** How long anything may take that should happen soon, milliseconds. */
const PATIENCE = 20_000;

export const limits = (changes: Partial<TransportLimits>): TransportLimits => ({
  ...DEFAULT_TRANSPORT_LIMITS,
  ...changes,
});

/** A request as bytes. */
export const request = (name: PacketName, ...args: string[]): Buffer => Buffer.from(encode(name, args), "latin1");

/** Waits for what no event tells of. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + PATIENCE; !holds(); await sleep(2)) {
    if (performance.now() > end) throw new Error(`did not happen: ${what}`);
  }
}

/** The socket is closed, for whatever reason. */
export const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

/** Where the sockets of a test go; all of them end with it. */
export class Dialer {
  readonly sockets: Set<Socket> = new Set();
  readonly #where: NetConnectOpts;

  constructor(where: NetConnectOpts) {
    this.#where = where;
  }

  /** A socket whose errors nobody minds. */
  dial(options: { localAddress?: string; allowHalfOpen?: boolean } = {}): Socket {
    const socket = connect({ ...this.#where, ...options }).on("error", () => {});
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    return socket;
  }

  async connected(options: { localAddress?: string } = {}): Promise<Socket> {
    const socket = this.dial(options);
    await once(socket, "connect");
    return socket;
  }

  /** A connection that speaks in packets. */
  peer(): Peer {
    return new Peer(new Wire(this.dial({ allowHalfOpen: true })));
  }

  async hangUp(): Promise<void> {
    const open = [...this.sockets];
    await Promise.all(
      open.map((socket) => {
        const closed = gone(socket);
        socket.destroy();
        return closed;
      }),
    );
  }
}

/** A worker that sleeps while there are no jobs, and whose result is the workload in angle brackets; until its connection ends. */
export async function work(wire: Wire, name: string): Promise<void> {
  wire.send(encode("CAN_DO", [name]) + encode("GRAB_JOB", []));
  for (;;) {
    await wire.until(() => wire.events.length > 0 || wire.ended, 2 ** 30);
    const event = wire.events.shift();
    if (event?.kind !== "packet") return;
    const [handle = "", , load = ""] = event.args;
    if (event.name === "NO_JOB") wire.send(encode("PRE_SLEEP", []));
    else if (event.name === "NOOP") wire.send(encode("GRAB_JOB", []));
    else wire.send(encode("WORK_COMPLETE", [handle, `<${load}>`]) + encode("GRAB_JOB", []));
  }
}

/** A client and a worker that behave: they run one job after the other, and each result must be right. */
export class Honest {
  jobs = 0;
  readonly #client: Wire;
  readonly #worker: Wire;
  #going = true;
  readonly #ended: Promise<unknown>;
  #failure: unknown;

  constructor(makeSocket: () => Socket) {
    this.#client = new Wire(makeSocket());
    this.#worker = new Wire(makeSocket());
    this.#ended = Promise.all([work(this.#worker, "honest"), this.#ask()]).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  get connections(): number {
    return this.#going ? 2 : 0;
  }

  /** Waits for that many more results. */
  async served(count: number): Promise<void> {
    const goal = this.jobs + count;
    await eventually(() => this.jobs >= goal || this.#failure !== undefined, "an honest client is served");
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends it, and fails if it was not served all the time. */
  async stop(): Promise<void> {
    if (!this.#going) return;
    if (this.#failure === undefined) await this.served(3);
    this.#going = false;
    this.#client.destroy();
    this.#worker.destroy();
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #ask(): Promise<void> {
    for (; this.#going; this.jobs++) {
      const load = `job ${this.jobs}`;
      this.#client.send(encode("SUBMIT_JOB", ["honest", "", load]));
      const came = await this.#client.until(() => this.#client.events.length >= 2 || this.#client.ended, PATIENCE);
      if (!this.#going) return;
      expect({ came, events: this.#client.events.splice(0) }).toMatchObject({
        came: true,
        events: [{ name: "JOB_CREATED" }, { name: "WORK_COMPLETE", args: [expect.anything(), `<${load}>`] }],
      });
      await sleep(2);
    }
  }
}

/** A server in this process under attack, while honest peers are served; in the end everything must be given back. */
export class Siege extends Dialer {
  readonly server: Server;
  readonly port: number;
  readonly honest: Honest;

  private constructor(server: Server, port: number) {
    super({ host: "127.0.0.1", port });
    this.server = server;
    this.port = port;
    this.honest = new Honest(() => connect({ host: "127.0.0.1", port, noDelay: true }).on("error", () => {}));
  }

  static async begin(options: Partial<ServerOptions> = {}): Promise<Siege> {
    const server = createServer({ listen: [{ host: "127.0.0.1", port: 0 }], drainTimeout: 100, ...options });
    const [bound] = await server.start();
    if (bound === undefined || !("port" in bound)) throw new Error("no port");
    const siege = new Siege(server, bound.port);
    await siege.honest.served(1);
    return siege;
  }

  get counters() {
    return this.server.stats().connections;
  }

  get now() {
    return this.server.stats().now;
  }

  /** Waits until all attackers are gone and nothing is held for them. */
  async over(): Promise<void> {
    await this.hangUp();
    const { counters } = this;
    await eventually(
      () => {
        const { accepted, closed } = this.counters;
        return accepted - closed === this.honest.connections;
      },
      `all attackers are gone: ${JSON.stringify(counters)}`,
    );
    const { inputBytes, outputBytes, connections } = this.now;
    expect({ inputBytes, connections }).toEqual({ inputBytes: 0, connections: this.honest.connections });
    expect(outputBytes).toBeLessThan(1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.over();
    await this.honest.stop();
    await this.server.stop();
    const { inputBytes, outputBytes, running, heldGrabs } = this.now;
    expect({ inputBytes, outputBytes, running, heldGrabs }).toEqual({
      inputBytes: 0,
      outputBytes: 0,
      running: 0,
      heldGrabs: 0,
    });
  }
}
