import type { JobRecord } from "../core/job.ts";
import type { Store, StoreError } from "./store.ts";

/** Keeps nothing: the queue in memory is all there is. The case of a commit that has already succeeded. */
export class MemoryStore implements Store {
  readonly durability = "jobs are kept in memory only: a restart loses them";

  put(_job: JobRecord, settled: (error?: StoreError) => void): void {
    settled();
  }

  retried(): void {}

  remove(): void {}

  bury(): void {}

  async flush(): Promise<void> {}

  async close(): Promise<void> {}
}
