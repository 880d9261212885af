import { EventEmitter, once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

/** What a bad network does to what passes through. */
export type Weather = "clear" | "silent" | "delayed" | "dribbling";

const DELAY = 150;
const DRIBBLE = 7;

/** A network in front of a server that can fail: it swallows everything, delays it, passes a few bytes at a time, or cuts. */
export class Network {
  readonly #server: Server;
  readonly #pairs: Set<readonly [Socket, Socket]> = new Set();
  readonly #changes: EventEmitter = new EventEmitter().setMaxListeners(0);
  #weather: Weather = "clear";

  private constructor(target: number) {
    this.#server = createServer((near) => this.#join(near, connect(target, "127.0.0.1")));
  }

  static async open(target: number): Promise<Network> {
    const network = new Network(target);
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    return network;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  set weather(weather: Weather) {
    this.#weather = weather;
    this.#changes.emit("change");
  }

  /** Resets all connections. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  close(): void {
    this.#server.close();
    this.weather = "clear";
    this.cut();
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    void this.#carry(near, far, pair);
    void this.#carry(far, near, pair);
  }

  async #carry(from: Socket, to: Socket, pair: readonly [Socket, Socket]): Promise<void> {
    from.on("error", () => {});
    try {
      for await (const bytes of from as AsyncIterable<Buffer>) await this.#pass(bytes, to);
      to.end();
    } catch {
      to.resetAndDestroy(); // as the other side was
    } finally {
      this.#pairs.delete(pair);
    }
  }

  /** Bytes are delayed, never lost: TCP sends them again. */
  async #pass(bytes: Buffer, to: Socket): Promise<void> {
    let left = bytes;
    while (left.length > 0) {
      while (this.#weather === "silent") await once(this.#changes, "change");
      if (this.#weather === "delayed") await setTimeout(DELAY);
      const size = this.#weather === "dribbling" ? DRIBBLE : left.length;
      await send(to, left.subarray(0, size));
      left = left.subarray(size);
      if (left.length > 0) await setTimeout(1);
    }
  }
}

function send(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
