/** Files whose bytes mean nothing: they hold room on the disk. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Writes the piece again and again until the file has that size, and syncs it. Throws the system's error. */
export function fill(path: string, flags: "r+" | "w", size: number, piece: Uint8Array): void {
  const file = openSync(path, flags, 0o600);
  try {
    for (let left = size; left > 0; ) left -= writeSync(file, piece, 0, Math.min(piece.length, left));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Whether the disk, or what its user may have of it, is full. */
export const isFull = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(String((error as NodeJS.ErrnoException).code));
