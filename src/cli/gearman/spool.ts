import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Payload } from "../../link/payload.ts";
import { fileSlice } from "./file-slice.ts";

/** A packet's header says how many bytes follow, so input of unknown length must come to its end first: so much of it is held in memory. */
export const MOST_IN_MEMORY = 16 * 1024 ** 2;

/** The bytes of a stream, all of them. */
export interface Spooled extends AsyncDisposable {
  readonly payload: Payload;
  readonly size: number;
}

/** A file without a name: the kernel removes it once it is closed, also when we are killed. */
const namelessFile = async (): Promise<FileHandle> => {
  const path = join(tmpdir(), `gearman-ts-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await unlink(path);
  return file;
};

/** Reads a stream to its end, into memory or, beyond a bound, a file that is gone when the spool is disposed of. */
export const spool = async (input: AsyncIterable<Uint8Array>, mostInMemory = MOST_IN_MEMORY): Promise<Spooled> => {
  const held: Uint8Array[] = [];
  let file: FileHandle | undefined;
  let size = 0;
  try {
    for await (const chunk of input) {
      size += chunk.length;
      held.push(chunk);
      if (size <= mostInMemory) continue;
      file ??= await namelessFile();
      for (const bytes of held.splice(0)) await file.writeFile(bytes);
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  const payload = file === undefined ? Buffer.concat(held, size) : fileSlice(file, 0, size);
  return { payload, size, [Symbol.asyncDispose]: async () => file?.close() };
};
