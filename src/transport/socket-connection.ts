import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Connection, ConnectionEvents, Remote } from "./connection.ts";
import { DirectWriter } from "./direct-writes.ts";
import { shareReads } from "./shared-reads.ts";

/** Buffers up to this many bytes in all are joined before they are written: one copy costs less than a vector of many. */
const JOIN_BELOW = 16 * 1024;

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
    const joined = buffers.length > 1 && size <= JOIN_BELOW ? [Buffer.concat(buffers, size)] : buffers;
    const taken = this.#writer.write(joined);
    if (taken === size) return true;
    this.#queue(behind(joined, taken), done);
    return false;
  }

  /** Large buffers are not copied: corked, they leave in one writev. */
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

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** An IPv4 peer of an IPv6 socket is shown by its IPv4 address. */
function unmapped(address: string | undefined): string | undefined {
  return address?.startsWith("::ffff:") ? address.slice(7) : address;
}

/** What is left of the buffers behind so many bytes. */
function behind(buffers: readonly Buffer[], bytes: number): readonly Buffer[] {
  let skip = bytes;
  const left: Buffer[] = [];
  for (const buffer of buffers) {
    if (skip < buffer.length) left.push(skip > 0 ? buffer.subarray(skip) : buffer);
    skip = Math.max(0, skip - buffer.length);
  }
  return left;
}
