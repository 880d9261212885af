/**
 * HOT: what the kernel takes at once is given to it directly. A write by way of a socket's stream costs as much again in the stream, and
 * tells only in a later tick that all was taken. What the kernel does not take goes by the stream.
 *
 * Node shows the file descriptor in a private part of a socket, which is looked for here and nowhere else; without it all goes by the stream.
 */
import { writeSync, writevSync } from "node:fs";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** With the part that is looked for: a socket that is closed has none any more. */
type Inside = Socket & { readonly _handle?: unknown };

/** One socket. */
export class DirectWriter {
  readonly #socket: Inside;
  readonly encrypts: boolean;
  /** Where its descriptor was found. */
  #handle: unknown;
  #descriptor: number | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.encrypts = socket instanceof TLSSocket;
  }

  /** Bytes that the kernel has taken of the buffers. An error is left to the stream, which meets it again. */
  write(buffers: readonly Buffer[]): number {
    const descriptor = this.#find();
    if (descriptor === undefined) return 0;
    try {
      const [first] = buffers;
      return buffers.length === 1 && first !== undefined
        ? writeSync(descriptor, first)
        : writevSync(descriptor, buffers);
    } catch {
      return 0;
    }
  }

  /** Of a socket that waits for nothing and may be written to. */
  #find(): number | undefined {
    const socket = this.#socket;
    if (this.encrypts || socket.writableLength > 0 || !socket.writable) return undefined;
    if (socket._handle !== this.#handle) {
      this.#handle = socket._handle;
      this.#descriptor = descriptorOf(socket._handle);
    }
    return this.#descriptor;
  }
}

function descriptorOf(handle: unknown): number | undefined {
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  return typeof handle.fd === "number" && handle.fd >= 0 ? handle.fd : undefined;
}
