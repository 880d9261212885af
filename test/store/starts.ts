import type { JobRecord } from "../../src/core/job.ts";
import type { DurableStore } from "../../src/store/durable-store.ts";
import { Folder } from "../support/folder.ts";

/** A store on files of its own, in start after start; what the last one gave back. Use with `await using`. */
export abstract class Starts {
  readonly folder: Folder = new Folder();
  restored: JobRecord[] = [];
  #store: DurableStore | undefined;

  get store(): DurableStore {
    this.#store ??= this.make();
    return this.#store;
  }

  set store(store: DurableStore) {
    this.#store = store;
  }

  /** Opens it, anew if it was open before. Returns the names of what is damaged. */
  async open(): Promise<readonly string[]> {
    this.#store = this.make();
    this.restored = [];
    return this.#store.recover((jobs) => this.restored.push(...jobs));
  }

  /** The next start. In a copy: SQLite's driver for Node 20 holds the lock until the thread is gone, and this one stays. */
  async reopen(): Promise<readonly string[]> {
    await this.store.close();
    this.copy();
    return this.open();
  }

  /** From now on it is about the files as they are now: as if the process had been killed. */
  abstract copy(): void;

  /** A store on the files. */
  abstract make(): DurableStore;

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }
}
