import type { Duplex } from "node:stream";
import { PACKET_NAMES, PACKETS, type PacketName } from "../../src/protocol/packets.ts";

/**
 * One connection seen from the outside, with its own encoder and decoder: they share the packet table with the product, and no code.
 * All bytes are latin1 strings here, so that a failure can be read.
 */

export type WireEvent =
  | { readonly kind: "packet"; readonly name: PacketName; readonly args: readonly string[] }
  | { readonly kind: "text"; text: string }
  | { readonly kind: "garbage"; readonly bytes: string };

/** A request or response as bytes; `args` are joined by NUL whatever the table says, so that a test can send too few. */
export function encode(name: PacketName, args: readonly string[], magic: "REQ" | "RES" = "REQ"): string {
  const body = args.join("\0");
  const header = Buffer.alloc(12);
  header.write(`\0${magic}`, "latin1");
  header.writeUInt32BE(PACKETS[name].type, 4);
  header.writeUInt32BE(body.length, 8);
  return header.toString("latin1") + body;
}

/** The arguments of a body by the table: the last one takes all that is left, NULs included. */
function split(name: PacketName, body: string): string[] {
  const { args, data } = PACKETS[name];
  const count = args.length + (data ? 1 : 0);
  if (count === 0) return body === "" ? [] : [body];
  const parts = body.split("\0");
  const last = parts.slice(count - 1).join("\0");
  return parts.length < count ? parts : [...parts.slice(0, count - 1), last];
}

interface Waiter {
  readonly ready: () => boolean;
  readonly resolve: (ok: boolean) => void;
}

export class Wire {
  /** What has come and was not taken yet, oldest first. */
  readonly events: WireEvent[] = [];
  /** Whether the other side has ended the connection. */
  ended = false;
  readonly #stream: Duplex;
  readonly #hears: string;
  #pending = "";
  #fences = 0;
  readonly #fencesBack = new Set<string>();
  readonly #waiters = new Set<Waiter>();

  /** @param hears the magic of what comes: responses, or requests if we play the server */
  constructor(stream: Duplex, hears: "REQ" | "RES" = "RES") {
    this.#stream = stream;
    this.#hears = `\0${hears}`;
    stream.on("data", (chunk: Buffer) => this.#receive(chunk.toString("latin1")));
    for (const event of ["end", "close", "error"] as const) stream.on(event, () => this.#end());
  }

  send(bytes: string): void {
    this.#stream.write(Buffer.from(bytes, "latin1"));
  }

  /** Closes our half; what the server still says can be read. */
  halfClose(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  /** Resolves true as soon as `ready` holds, false after `timeout` milliseconds. */
  until(ready: () => boolean, timeout: number): Promise<boolean> {
    if (ready()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter = { ready, resolve: (ok: boolean) => finish(ok) };
      const timer = setTimeout(() => finish(false), timeout);
      const finish = (ok: boolean) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(ok);
      };
      this.#waiters.add(waiter);
    });
  }

  /** An ECHO round trip: all that was sent before is done, all that was answered before is in `events`. */
  async fence(timeout: number): Promise<boolean> {
    const payload = `fence-${++this.#fences}`;
    this.send(encode("ECHO_REQ", [payload]));
    return this.until(() => this.#fencesBack.delete(payload) || this.ended, timeout);
  }

  #receive(bytes: string): void {
    this.#pending += bytes;
    for (let event = this.#next(); event !== undefined; event = this.#next()) this.#add(event);
    this.#wake();
  }

  #next(): WireEvent | undefined {
    if (this.#pending === "") return undefined;
    if (!this.#pending.startsWith("\0")) return this.#text();
    if (this.#pending.length < 12) return undefined;
    const header = Buffer.from(this.#pending.slice(0, 12), "latin1");
    const name = PACKET_NAMES[header.readUInt32BE(4)];
    if (!this.#pending.startsWith(this.#hears) || name === undefined) {
      return { kind: "garbage", bytes: this.#take(this.#pending.length) };
    }
    const size = 12 + header.readUInt32BE(8);
    if (this.#pending.length < size) return undefined;
    return { kind: "packet", name, args: split(name, this.#take(size).slice(12)) };
  }

  #text(): WireEvent {
    const nul = this.#pending.indexOf("\0");
    return { kind: "text", text: this.#take(nul < 0 ? this.#pending.length : nul) };
  }

  #take(length: number): string {
    const taken = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    return taken;
  }

  #add(event: WireEvent): void {
    const last = this.events.at(-1);
    if (event.kind === "packet" && event.name === "ECHO_RES" && event.args[0]?.startsWith("fence-")) {
      this.#fencesBack.add(event.args[0]);
    } else if (event.kind === "text" && last?.kind === "text") {
      last.text += event.text;
    } else this.events.push(event);
  }

  #end(): void {
    this.ended = true;
    this.#wake();
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) if (waiter.ready()) waiter.resolve(true);
  }
}
