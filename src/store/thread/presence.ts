import { realpathSync, statSync } from "node:fs";
import { logOf } from "../sqlite/files.ts";
import { StoreError } from "../store-error.ts";

/** The files of a store as they were when it was opened. What is written into a file that has lost its name is lost with it. */
export class Presence {
  /** The database itself. */
  readonly file: string;
  readonly #files: readonly string[];
  readonly #inodes: Map<string, number> = new Map();

  /** @param database its log is beside the file, wherever a link to it may be */
  constructor(database: string) {
    this.file = realpathSync(database);
    this.#files = [this.file, logOf(this.file)];
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
