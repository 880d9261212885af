import { HandleTable } from "./handle-table.ts";
import type { Job } from "./job.ts";
import type { ByteString } from "./types.ts";

/** All jobs that exist: by handle, by what they coalesce under, and by unique over all functions. */
export class JobTable {
  readonly #byHandle: HandleTable;
  readonly #byKey: Map<string, Job> = new Map();
  // The prefix keeps uniques from being integers: V8 hashes those predictably (CVE-2026-21717).
  readonly #newestByUnique: Map<string, Job> = new Map();
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
    if (job.key !== undefined) this.#byKey.set(job.key, job);
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
    if (job.key !== undefined) this.#byKey.delete(job.key);
    job.key = undefined;
  }

  byHandle(handle: string): Job | undefined {
    return this.#byHandle.get(handle);
  }

  byKey(key: string): Job | undefined {
    return this.#byKey.get(key);
  }

  newestByUnique(unique: ByteString): Job | undefined {
    return this.#newestByUnique.get(`u${unique}`);
  }

  /** In the order they were made; those that another server has named first. */
  values(): IterableIterator<Job> {
    return this.#byHandle[Symbol.iterator]();
  }

  #chain(job: Job): void {
    job.older = this.newestByUnique(job.unique);
    if (job.older !== undefined) job.older.newer = job;
    this.#newestByUnique.set(`u${job.unique}`, job);
  }

  #unchain(job: Job): void {
    const { older, newer } = job;
    if (older !== undefined) older.newer = newer;
    if (newer !== undefined) newer.older = older;
    else if (older !== undefined) this.#newestByUnique.set(`u${job.unique}`, older);
    else this.#newestByUnique.delete(`u${job.unique}`);
  }
}

/** An empty unique is none, and `-` stands for the workload: neither can be asked for, as in gearmand. */
function isName(unique: ByteString): boolean {
  return unique !== "" && unique !== "-";
}
