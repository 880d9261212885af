import type { ConnectionEvents } from "../../src/transport/connection.ts";
import { MemoryConnection } from "../../src/transport/memory-connection.ts";

/** Stands for what the next read puts into the buffer. */
const OVERWRITTEN = 0xdd;

/** From now on every chunk comes in one reused buffer that is overwritten after its dispatch; returns how to undo that. */
export function overwriteChunks(): () => void {
  const { open } = MemoryConnection.prototype;
  let buffer = Buffer.alloc(64 * 1024);
  const chunkOf = (bytes: Buffer): Buffer => {
    if (buffer.length < bytes.length) buffer = Buffer.alloc(bytes.length);
    bytes.copy(buffer);
    return buffer.subarray(0, bytes.length);
  };
  MemoryConnection.prototype.open = function (events: ConnectionEvents): void {
    open.call(this, {
      chunk: (bytes) => {
        const chunk = chunkOf(bytes);
        events.chunk(chunk);
        chunk.fill(OVERWRITTEN);
      },
      end: () => events.end(),
      close: () => events.close(),
    });
  };
  return () => {
    MemoryConnection.prototype.open = open;
  };
}
