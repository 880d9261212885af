/**
 * HOT: reads of all sockets go into one buffer. Node would make one of 64 KB for each read: a third of what a read costs, and as much again
 * to collect it. What is read is served before the next read, so one is enough.
 *
 * Node has it for sockets that a program makes (`onread`), not for those it accepts: hence its private parts, which are looked for
 * here and nowhere else. Where they are not found, the 'data' events of the socket serve.
 */
import type { Socket } from "node:net";

/** What one read may bring, bytes. */
const SIZE = 64 * 1024;

const buffer = Buffer.allocUnsafeSlow(SIZE);

/** What Node's sockets have for `onread`. */
interface Handle {
  useUserBuffer(buffer: Uint8Array): void;
}

const PARTS = ["kBuffer", "kBufferCb"] as const;

/** Whether the socket's chunks come to `chunk` from now on, in memory that is only valid during the call. */
export function shareReads(socket: Socket, chunk: (bytes: Buffer) => void): boolean {
  const handle: unknown = Reflect.get(socket, "_handle");
  const [kBuffer, kBufferCb] = PARTS.map((name) => symbolOf(socket, name));
  if (!isHandle(handle) || kBuffer === undefined || kBufferCb === undefined) return false;
  // What came before has gone into the stream, and comes out of it alone.
  if (socket.readableLength > 0) return false;
  Reflect.set(socket, kBuffer, buffer);
  Reflect.set(socket, kBufferCb, (size: number) => chunk(buffer.subarray(0, size)));
  handle.useUserBuffer(buffer);
  return true;
}

const symbolOf = (socket: Socket, name: string): symbol | undefined =>
  Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);

const isHandle = (handle: unknown): handle is Handle =>
  typeof handle === "object" &&
  handle !== null &&
  "useUserBuffer" in handle &&
  typeof handle.useUserBuffer === "function";
