import type { JobRecord } from "../core/job.ts";
import { NO_STATS, type Settled, type Store, type StoreStats } from "./store.ts";
import type { StoreError } from "./store-error.ts";

/** Keeps nothing: the queue in memory is all there is. The case of a commit that has already succeeded. */
export class MemoryStore implements Store {
  readonly durability = "memory";
  readonly stats: StoreStats = NO_STATS;
  readonly failed: Promise<StoreError> = new Promise(() => {});
  #lastNumber = 0;

  async recover(): Promise<readonly string[]> {
    return [];
  }

  nextNumber(): number {
    return ++this.#lastNumber;
  }

  put(_job: JobRecord, settled: Settled): void {
    settled();
  }

  retried(): void {}

  remove(): void {}

  bury(): void {}

  barrier(settled: () => void): void {
    settled();
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
