/**
 * HOT: reads of all sockets go into one buffer. Node would make one of 64 KB for each read: a third of what a read costs, and as much again
 * to collect it. What is read is served before the next read, so one is enough. The rest of a large packet is read where it is to stay.
 *
 * Node has it for sockets that a program makes (`onread`), not for those it accepts: hence its private parts, which are looked for
 * here and nowhere else. Where they are not found, the 'data' events of the socket serve.
 */
import type { Socket } from "node:net";
import type { ConnectionEvents } from "./connection.ts";

/** What one read may bring, bytes. */
const SIZE = 64 * 1024;

const shared = Buffer.allocUnsafeSlow(SIZE);

/** What Node's sockets have for `onread`. */
interface Handle {
  useUserBuffer(buffer: Uint8Array): void;
}

const PARTS = ["kBuffer", "kBufferCb", "kBufferGen"] as const;

/** What is told of reads. A chunk is in memory that is only valid during the call. */
export type Reads = Pick<ConnectionEvents, "chunk" | "room" | "filled">;

/** Whether the socket's reads are told so from now on. */
export function shareReads(socket: Socket, reads: Reads): boolean {
  const handle: unknown = Reflect.get(socket, "_handle");
  const [kBuffer, kBufferCb, kBufferGen] = PARTS.map((name) => symbolOf(socket, name));
  if (!isHandle(handle) || kBuffer === undefined || kBufferCb === undefined || kBufferGen === undefined) return false;
  // What came before has gone into the stream, and comes out of it alone.
  if (socket.readableLength > 0) return false;
  let buffer: Buffer = shared;
  Reflect.set(socket, kBuffer, buffer);
  Reflect.set(socket, kBufferCb, (size: number) => {
    if (buffer === shared) reads.chunk(shared.subarray(0, size));
    else reads.filled?.(size);
  });
  // Asked after each read for another buffer. Undefined: the same again.
  Reflect.set(socket, kBufferGen, () => {
    const next = reads.room?.() ?? shared;
    if (next === buffer) return undefined;
    buffer = next;
    return next;
  });
  handle.useUserBuffer(buffer);
  return true;
}

/** Those that were found: they are the same in all sockets. */
const symbols = new Map<string, symbol>();

function symbolOf(socket: Socket, name: string): symbol | undefined {
  const known = symbols.get(name);
  if (known !== undefined && known in socket) return known;
  const found = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
  if (found !== undefined) symbols.set(name, found);
  return found;
}

const isHandle = (handle: unknown): handle is Handle =>
  typeof handle === "object" &&
  handle !== null &&
  "useUserBuffer" in handle &&
  typeof handle.useUserBuffer === "function";
