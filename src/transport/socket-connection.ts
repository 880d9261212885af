import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { type Connection, type ConnectionEvents, REUSED_UP_TO, type Remote } from "./connection.ts";
import { DirectWriter } from "./direct-writes.ts";
import { shareReads } from "./shared-reads.ts";

/** A TCP, TLS or Unix socket. */
export class SocketConnection implements Connection {
  readonly remote: Remote;
  readonly #socket: Socket;
  readonly #writer: DirectWriter;
  #error: Error | undefined;

  constructor(socket: Socket, path: string | undefined) {
    this.#socket = socket;
    this.#writer = new DirectWriter(socket);
    this.remote = { address: unmapped(socket.remoteAddress) ?? path ?? "unknown", port: socket.remotePort ?? 0 };
    // A peer may break its connection at any time: 'close' follows, and says it.
    socket.on("error", (error) => {
      this.#error = error;
    });
  }

  open(events: ConnectionEvents): void {
    if (!shareReads(this.#socket, events)) this.#socket.on("data", (bytes) => events.chunk(bytes));
    this.#socket.on("end", () => events.end());
    this.#socket.on("close", () => events.close(this.#error));
  }

  write(buffers: readonly Buffer[], done: () => void): boolean {
    let size = 0;
    for (const buffer of buffers) size += buffer.length;
    const taken = this.#writer.write(buffers);
    if (taken === size) return true;
    this.#queue(behind(buffers, taken), done);
    return false;
  }

  /** Corked, they leave in one writev. */
  #queue(buffers: readonly Buffer[], done: () => void): void {
    const sent = (error?: Error | null): void => {
      if (!error) done();
    };
    this.#socket.cork();
    for (const [index, buffer] of buffers.entries()) {
      if (index === buffers.length - 1) this.#socket.write(buffer, sent);
      else this.#socket.write(buffer);
    }
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Where both have nothing more to say, the kernel sends what it was given and ends it: to shut it down first costs a turn and more. */
  end(): void {
    const { readableEnded, writableLength } = this.#socket;
    if (readableEnded && writableLength === 0 && !this.#writer.encrypts) this.#socket.destroy();
    else this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** An IPv4 peer of an IPv6 socket is shown by its IPv4 address. */
function unmapped(address: string | undefined): string | undefined {
  return address?.startsWith("::ffff:") ? address.slice(7) : address;
}

/** What is left of the buffers behind so many bytes; of those that are used again, a copy. */
function behind(buffers: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  const left: Buffer[] = [];
  for (const buffer of buffers) {
    const rest = buffer.subarray(Math.min(skip, buffer.length));
    if (rest.length > 0) left.push(buffer.length <= REUSED_UP_TO ? Buffer.from(rest) : rest);
    skip = Math.max(0, skip - buffer.length);
  }
  return left;
}
