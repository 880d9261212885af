import { createReadStream } from "node:fs";
import type { SizedStream } from "../../link/payload.ts";

/** How much is read at once, bytes. */
const CHUNK = 256 * 1024;

/**
 * Part of an open file. It is read with positions, so several may read it at once, and from the beginning again.
 * @param file stays open while somebody has the slice: a FileHandle that nobody has is closed
 */
export const fileSlice = (file: { readonly fd: number }, start: number, size: number): SizedStream => ({
  size,
  open: () => {
    const range = { start, end: start + size - 1, highWaterMark: CHUNK };
    return createReadStream("", { fd: file.fd, autoClose: false, ...range });
  },
});
