import { spawnSync } from "node:child_process";
import { closeSync, fstatSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Folder } from "../support/folder.ts";

function mount(...args: string[]): string | undefined {
  const { error, status, stderr } = spawnSync(args[0] ?? "", args.slice(1), { encoding: "utf8" });
  return error?.message ?? (status === 0 ? undefined : stderr);
}

/** A file system in memory of its own that is soon full. Use with `await using`. */
export class SmallDisk {
  readonly #folder = new Folder();
  /** Where it is mounted. */
  readonly path: string = this.#folder.path;

  constructor(mebibytes: number) {
    const trouble = mount("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "gearmand-ts", this.path);
    if (trouble !== undefined) throw new Error(trouble);
  }

  get #filler(): string {
    return join(this.path, "filler");
  }

  /** Another takes all the room that is left, but for so many bytes. */
  fill(left = 0): void {
    const file = openSync(this.#filler, "w");
    try {
      for (let size = 2 ** 20; size >= 1; ) size = wrote(file, size) ? size : size / 2;
      ftruncateSync(file, fstatSync(file).size - left);
    } finally {
      closeSync(file);
    }
  }

  /** The other goes. */
  free(): void {
    rmSync(this.#filler, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    mount("umount", "--lazy", this.path);
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** A write of which only a part finds room is made for that part. */
function wrote(file: number, size: number): boolean {
  try {
    writeSync(file, Buffer.alloc(size));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}

/** Why there can be no small disk here; undefined: there can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return "only root may mount";
  try {
    void new SmallDisk(1)[Symbol.asyncDispose]();
    return undefined;
  } catch (error) {
    return `nothing can be mounted here: ${error instanceof Error ? error.message : error}`;
  }
}

const impossible = whyNoSmallDisk();

/** A directory on a small disk of its own, where that is possible: the log is kept small on it. Use with `await using`. */
export const openRoom = (): SmallDisk | Folder => (impossible === undefined ? new SmallDisk(48) : new Folder());
