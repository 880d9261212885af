/**
 * HOT: what the kernel takes at once is given to it directly. A write by way of a socket's stream costs as much again in the stream, and
 * tells only in a later tick that all was taken. What the kernel does not take goes by the stream.
 *
 * Node shows the file descriptor in a private part of a socket, which is looked for here and nowhere else; without it all goes by the stream.
 */
import { writeSync, writevSync } from "node:fs";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** Bytes that the kernel has taken of the buffers. An error is left to the stream, which meets it again. */
export function writeNow(socket: Socket, buffers: readonly Buffer[]): number {
  const fd = descriptorOf(socket);
  if (fd === undefined) return 0;
  try {
    const [first] = buffers;
    return buffers.length === 1 && first !== undefined ? writeSync(fd, first) : writevSync(fd, buffers);
  } catch {
    return 0;
  }
}

/** Of a socket that waits for nothing and may be written to. */
function descriptorOf(socket: Socket): number | undefined {
  if (socket.writableLength > 0 || !socket.writable || socket instanceof TLSSocket) return undefined;
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null || !("fd" in handle)) return undefined;
  return typeof handle.fd === "number" && handle.fd >= 0 ? handle.fd : undefined;
}
