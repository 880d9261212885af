import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Image } from "./disk.ts";

/** Writes an image of `root` into another folder, in place of what was there. */
export function writeImage(image: Image, root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of image) {
    const place = folder + path.slice(root.length);
    if (content === "directory") mkdirSync(place, { mode: 0o700 });
    else writeSparse(place, content);
  }
}

const CHUNK = 64 * 1024;
const ZEROS = Buffer.alloc(CHUNK);

/** Zeros take time and room only in name. */
function writeSparse(place: string, content: Buffer): void {
  const file = openSync(place, "w", 0o600);
  for (let at = 0; at < content.length; at += CHUNK) {
    const chunk = content.subarray(at, at + CHUNK);
    if (!chunk.equals(ZEROS.subarray(0, chunk.length))) writeSync(file, chunk, 0, chunk.length, at);
  }
  ftruncateSync(file, content.length);
  closeSync(file);
}

/** Paths below a folder that the image does not have as they are there, or that it has too many. */
export function differences(image: Image, root: string): string[] {
  const missing = new Set(image.keys());
  const different: string[] = [];
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const content = image.get(path);
    const same = content instanceof Buffer ? content.equals(readFileSync(path)) : content && entry.isDirectory();
    if (!same) different.push(path);
    missing.delete(path);
  }
  return [...different, ...missing];
}
