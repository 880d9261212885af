import { HandleTable } from "./handle-table.ts";
import type { Job } from "./job.ts";
import { RenewedMap } from "./renewed-map.ts";
import type { ByteString } from "./types.ts";

/** All jobs that exist: by handle, by what they coalesce under in their function, and by unique over all functions. */
export class JobTable {
  readonly #byHandle: HandleTable;
  /** By {@link keyOfUnique}. */
  readonly #newestByUnique: RenewedMap<string, Job> = new RenewedMap();
  /** Bytes of all workloads. */
  bytes = 0;

  /** @param handlePrefix what handles of this server begin with; a number follows */
  constructor(handlePrefix: string) {
    this.#byHandle = new HandleTable(handlePrefix);
  }

  get size(): number {
    return this.#byHandle.size;
  }

  add(job: Job): void {
    this.#byHandle.add(job);
    this.bytes += job.workload.length;
    if (job.key !== undefined) job.queue.byKey.set(job.key, job);
    if (isName(job.unique)) this.#chain(job);
  }

  remove(job: Job): void {
    this.#byHandle.remove(job);
    this.bytes -= job.workload.length;
    this.freeKey(job);
    if (isName(job.unique)) this.#unchain(job);
  }

  /** From now on the job coalesces with nothing. */
  freeKey(job: Job): void {
    if (job.key !== undefined) job.queue.byKey.delete(job.key);
    job.key = undefined;
  }

  byHandle(handle: string): Job | undefined {
    return this.#byHandle.get(handle);
  }

  /** What a job of that handle has for an id. */
  idOf(handle: string): number | string {
    return this.#byHandle.idOf(handle);
  }

  newestByUnique(unique: ByteString): Job | undefined {
    return this.#newestByUnique.get(keyOfUnique(unique));
  }

  /** In the order they were made; those that another server has named first. */
  values(): IterableIterator<Job> {
    return this.#byHandle[Symbol.iterator]();
  }

  #chain(job: Job): void {
    const key = keyOfUnique(job.unique);
    const older = this.#newestByUnique.get(key);
    job.older = older;
    if (older !== undefined) older.newer = job;
    this.#newestByUnique.set(key, job);
  }

  #unchain(job: Job): void {
    const { older, newer } = job;
    if (older !== undefined) older.newer = newer;
    if (newer !== undefined) newer.older = older;
    else if (older !== undefined) this.#newestByUnique.set(keyOfUnique(job.unique), older);
    else this.#newestByUnique.delete(keyOfUnique(job.unique));
  }
}

/** Longer ones are no integers: V8 hashes those predictably (CVE-2026-21717). */
const LONGEST_INTEGER = 20;

/**
 * A unique as the key of a map. Most are long and stand for themselves, so that they are in memory once. No two uniques have one key, and
 * none begins as {@link keyOfDigest} does.
 */
export const keyOfUnique = (unique: ByteString): string =>
  unique.length > LONGEST_INTEGER && !unique.startsWith("u") && !unique.startsWith("w") ? unique : `u${unique}`;

/** A digest of a workload as such a key. */
export const keyOfDigest = (digest: string): string => `w${digest}`;

/** An empty unique is none, and `-` stands for the workload: neither can be asked for, as in gearmand. */
function isName(unique: ByteString): boolean {
  return unique !== "" && unique !== "-";
}
