import { once } from "node:events";
import { connect, type NetConnectOpts } from "node:net";
import type { Duplex } from "node:stream";
import type { PacketName } from "../../src/protocol/packets.ts";
import { encode, Wire } from "./wire.ts";

/** How long a reply may take before a test fails, milliseconds. */
const PATIENCE = 20_000;

/** A client or worker that speaks in packets and lines, and waits for what it names. Use with `await using`. */
export class Peer {
  readonly #wire: Wire;

  constructor(stream: Duplex) {
    this.#wire = new Wire(stream);
  }

  static async connect(to: number | NetConnectOpts): Promise<Peer> {
    const socket = connect(typeof to === "number" ? { host: "127.0.0.1", port: to } : to);
    await once(socket, "connect");
    return new Peer(socket);
  }

  send(name: PacketName, ...args: string[]): void {
    this.#wire.send(encode(name, args));
  }

  /** The arguments of the first packet of that name, past or to come. It is taken; others stay. */
  async packet(name: PacketName): Promise<readonly string[]> {
    const at = (): number => this.#wire.events.findIndex((event) => event.kind === "packet" && event.name === name);
    if (!(await this.#wire.until(() => at() >= 0, PATIENCE))) throw new Error(`no ${name}; but ${this.#seen()}`);
    const [event] = this.#wire.events.splice(at(), 1);
    return event?.kind === "packet" ? event.args : [];
  }

  /** What a text command answers, up to a line end after which nothing more belongs to it. */
  async text(command: string): Promise<string> {
    this.#wire.send(`${command}\n`);
    const reply = (): string => this.#wire.events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    const done = (): boolean => /(^|\n)(\.|(OK|ERR)[^\n]*)\r?\n$/.test(reply());
    if (!(await this.#wire.until(done, PATIENCE))) throw new Error(`no answer to ${command}; but ${this.#seen()}`);
    const answer = reply();
    this.#wire.events.length = 0;
    return answer;
  }

  /** Settles when everything sent so far has been handled. */
  async handled(): Promise<void> {
    if (!(await this.#wire.fence(PATIENCE)) || this.#wire.ended) throw new Error("the connection was closed");
  }

  /** Settles when the server has closed the connection. */
  async closed(): Promise<void> {
    if (!(await this.#wire.until(() => this.#wire.ended, PATIENCE))) throw new Error("the connection is still open");
  }

  destroy(): void {
    this.#wire.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.destroy();
  }

  #seen(): string {
    return JSON.stringify(this.#wire.events);
  }
}
