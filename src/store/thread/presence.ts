import { statSync } from "node:fs";
import { StoreError } from "../store-error.ts";

/** The files of a store as they were when it was opened. What is written into a file that has lost its name is lost with it. */
export class Presence {
  readonly #files: readonly string[];
  readonly #inodes: Map<string, number> = new Map();

  constructor(database: string) {
    this.#files = [database, `${database}-wal`];
  }

  /** Throws if one of them has gone, or is another one, since it was first looked at. */
  check(): void {
    for (const file of this.#files) {
      const inode = statSync(file, { throwIfNoEntry: false })?.ino;
      if (inode === undefined || inode !== (this.#inodes.get(file) ?? inode))
        throw new StoreError("fatal", `${file} was removed or replaced while the server used it`);
      this.#inodes.set(file, inode);
    }
  }
}
