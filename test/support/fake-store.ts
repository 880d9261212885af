import type { JobRecord } from "../../src/core/job.ts";
import { deferred } from "../../src/lib/waiting.ts";
import { NO_STATS, type Store, type StoreStats } from "../../src/store/store.ts";
import { StoreError } from "../../src/store/store-error.ts";

/** A store that commits when it is told to, or fails, and remembers all that it was asked. */
export class FakeStore implements Store {
  readonly durability = "full";
  readonly stats: StoreStats = NO_STATS;
  readonly failed: Promise<StoreError>;
  /** The store fails for good. */
  readonly failForGood: (error: StoreError) => void;
  /** What it was asked, in order: `put H:1`, `remove H:1`, ... */
  readonly operations: string[] = [];
  closed = false;
  readonly #pending: ((error?: StoreError) => void)[] = [];

  #lastNumber = 0;

  constructor() {
    const { promise, resolve } = deferred<StoreError>();
    this.failed = promise;
    this.failForGood = resolve;
  }

  async recover(): Promise<readonly string[]> {
    return [];
  }

  nextNumber(): number {
    return ++this.#lastNumber;
  }

  barrier(settled: () => void): void {
    this.operations.push("barrier");
    this.#pending.push(settled);
  }

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
  fail(kind: StoreError["kind"] = "row"): void {
    this.#pending.shift()?.(new StoreError(kind, "disk full"));
  }
}
