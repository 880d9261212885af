import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { PacketName } from "../../src/protocol/packets.ts";
import { encode, Wire } from "./wire.ts";

/** How long a packet may take before a test fails, milliseconds. */
const PATIENCE = 20_000;

/** One connection of a worker, seen by a server that says what the test tells it to. */
export class FakeSession {
  readonly #wire: Wire;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#wire = new Wire(socket, "REQ");
  }

  send(name: PacketName, ...args: string[]): void {
    this.#wire.send(encode(name, args, "RES"));
  }

  sendBytes(bytes: string): void {
    this.#wire.send(bytes);
  }

  /** Sends several packets in one write. */
  sendAtOnce(...packets: readonly (readonly [PacketName, ...string[]])[]): void {
    this.#wire.send(packets.map(([name, ...args]) => encode(name, args, "RES")).join(""));
  }

  /** Counts what comes from now on, in pieces as they were written. */
  countChunks(): () => number {
    let chunks = 0;
    this.#socket.on("data", () => {
      chunks += 1;
    });
    return () => chunks;
  }

  /** The next so many packets, whatever they are, as words. */
  async next(count = 1): Promise<string[]> {
    const { events } = this.#wire;
    if (!(await this.#wire.until(() => events.length >= count, PATIENCE)))
      throw new Error(`only ${JSON.stringify(events)} came`);
    return events
      .splice(0, count)
      .map((event) => (event.kind === "packet" ? [event.name, ...event.args].join(" ") : event.kind));
  }

  /** Answers what a worker says first, up to its grab. */
  async welcome(...functions: string[]): Promise<void> {
    const said = await this.next(2 * functions.length + 1);
    for (const name of functions) {
      if (!said.some((packet) => packet.startsWith("CAN_DO") && packet.includes(name))) throw new Error(`${said}`);
      this.send("ECHO_RES", "gearmand-ts");
    }
  }

  /** Settles when the worker has closed. */
  async closed(): Promise<void> {
    if (!(await this.#wire.until(() => this.#wire.ended, PATIENCE))) throw new Error("the connection is still open");
  }

  /** Reads no more. */
  pause(): void {
    this.#socket.pause();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** A server that takes connections and says nothing by itself. Use with `await using`. */
export class FakeServer {
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  readonly #waiting: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}).on("close", () => this.#sockets.delete(socket));
      this.#waiting.push(socket);
      server.emit("waiting");
    });
  }

  /** @param options of its sockets: with allowHalfOpen they stay open when the worker has left */
  static async open(options: { readonly allowHalfOpen?: boolean } = {}): Promise<FakeServer> {
    const server = createServer(options).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FakeServer(server);
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** The next connection, past or to come, whose first question was answered. */
  async session(): Promise<FakeSession> {
    const session = await this.arrival();
    const [first] = await session.next();
    if (first !== "ECHO_REQ ") throw new Error(`it began with ${first}`);
    session.send("ECHO_RES", "");
    return session;
  }

  /** The next connection, past or to come. */
  async arrival(): Promise<FakeSession> {
    for (;;) {
      const socket = this.#waiting.shift();
      if (socket !== undefined) return new FakeSession(socket);
      await once(this.#server, "waiting");
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
