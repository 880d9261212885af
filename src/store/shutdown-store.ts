/**
 * As gearmand with `--store-queue-on-shutdown`: jobs are in memory only. A store has them between a clean stop and the next start.
 *
 *     new --recover(): the jobs are taken out of the store--> open --close(): all are put into it--> closed
 */
import type { JobRecord } from "../core/job.ts";
import { deferred } from "../lib/waiting.ts";
import type { Settled, Store, StoreStats } from "./store.ts";
import { StoreError } from "./store-error.ts";

export class ShutdownStore implements Store {
  readonly durability = "shutdown";
  readonly failed: Promise<StoreError>;
  readonly #fail: (error: StoreError) => void;
  readonly #store: Store;
  /** By row, in the order they are to run. */
  readonly #jobs: Map<number, JobRecord> = new Map();
  readonly #dead: JobRecord[] = [];
  #recovering: Promise<readonly string[]> = Promise.resolve([]);
  #lastRow = 0;

  /** @param store open to nobody else */
  constructor(store: Store) {
    const { promise, resolve } = deferred<StoreError>();
    this.#store = store;
    this.#fail = resolve;
    this.failed = Promise.race([store.failed, promise]);
  }

  get stats(): StoreStats {
    const { stats } = this.#store;
    return { ...stats, dead: stats.dead + this.#dead.length };
  }

  recover(restore: (jobs: readonly JobRecord[]) => void): Promise<readonly string[]> {
    this.#recovering = this.#recover(restore);
    return this.#recovering;
  }

  async #recover(restore: (jobs: readonly JobRecord[]) => void): Promise<readonly string[]> {
    const damaged = await this.#store.recover((jobs) => {
      for (const job of jobs) this.#keep(job);
      restore(jobs);
    });
    for (const job of this.#jobs.values()) this.#store.remove(job);
    await this.#store.flush();
    return damaged;
  }

  nextNumber(): number | undefined {
    return this.#store.nextNumber();
  }

  put(job: JobRecord, settled: Settled): void {
    job.row = this.#lastRow + 1;
    this.#keep(job);
    settled();
  }

  retried(job: JobRecord): void {
    this.#jobs.delete(job.row);
    this.#keep(job);
  }

  bury(job: JobRecord): void {
    this.#jobs.delete(job.row);
    this.#dead.push(job);
  }

  remove({ row }: JobRecord): void {
    this.#jobs.delete(row);
  }

  barrier(settled: () => void): void {
    settled();
  }

  async flush(): Promise<void> {
    await this.#store.flush();
  }

  async close(): Promise<void> {
    await this.#recovering.catch(() => {}); // whoever asked for it has been told
    let lost = 0;
    const settled: Settled = (error) => {
      if (error !== undefined) lost++;
    };
    for (const job of this.#jobs.values()) this.#store.put(job, settled);
    for (const job of this.#dead.splice(0)) this.#putDead(job, settled);
    await this.#store.close();
    if (lost > 0)
      this.#fail(new StoreError("fatal", `jobs that could not be stored at the stop, and are lost: ${lost}`));
  }

  #putDead(job: JobRecord, settled: Settled): void {
    this.#store.put(job, settled);
    this.#store.bury(job);
  }

  #keep(job: JobRecord): void {
    this.#jobs.set(job.row, job);
    this.#lastRow = Math.max(this.#lastRow, job.row);
  }
}
