import type { JobRecord } from "../../src/core/job.ts";
import { type Store, StoreError } from "../../src/store/store.ts";

/** A store that commits when it is told to, or fails, and remembers all that it was asked. */
export class FakeStore implements Store {
  readonly durability = "a fake";
  /** What it was asked, in order: `put H:1`, `remove H:1`, ... */
  readonly operations: string[] = [];
  closed = false;
  readonly #pending: ((error?: StoreError) => void)[] = [];

  get pending(): number {
    return this.#pending.length;
  }

  put(job: JobRecord, settled: (error?: StoreError) => void): void {
    this.operations.push(`put ${job.handle}`);
    this.#pending.push(settled);
  }

  retried(job: JobRecord): void {
    this.operations.push(`retried ${job.handle} ${job.retries}`);
  }

  remove(job: JobRecord): void {
    this.operations.push(`remove ${job.handle}`);
  }

  bury(job: JobRecord): void {
    this.operations.push(`bury ${job.handle}`);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.closed = true;
  }

  /** The oldest job that waits is on stable storage. */
  commit(): void {
    this.#pending.shift()?.();
  }

  /** The oldest job that waits could not be stored. */
  fail(): void {
    this.#pending.shift()?.(new StoreError("disk full"));
  }
}
