import type { Job } from "./job.ts";

/** Numbers that stand side by side: with few jobs left among them, a page of them is still no larger than a job. */
const PAGE = 64;

/** All numbers of so many digits are exact. */
const MOST_DIGITS = 15;

const ZERO = 48;
const NINE = 57;

interface Page {
  readonly jobs: (Job | undefined)[];
  /** How many there are. */
  size: number;
}

/**
 * HOT: jobs by handle. The server counts its handles up, so a job is found by its number: a map of strings would cost ten times as much
 * for each job, and grow by standing still. What has another form came from elsewhere, and is kept in such a map.
 */
export class HandleTable {
  readonly #prefix: string;
  readonly #pages: Map<number, Page> = new Map();
  readonly #others: Map<string, Job> = new Map();
  #size = 0;

  /** @param prefix what handles of this server begin with; a number follows */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#size + this.#others.size;
  }

  get(handle: string): Job | undefined {
    const id = this.idOf(handle);
    return typeof id === "string" ? this.#others.get(id) : this.#pages.get(Math.floor(id / PAGE))?.jobs[id % PAGE];
  }

  /** The number that a handle ends in, if it is one of this server's, written as this server does; else the handle. */
  idOf(handle: string): number | string {
    return this.#numberOf(handle) ?? handle;
  }

  /** The handle is one that no job in it has. */
  add(job: Job): void {
    const { id } = job;
    if (typeof id === "string") {
      this.#others.set(id, job);
      return;
    }
    const page = this.#page(Math.floor(id / PAGE));
    page.jobs[id % PAGE] = job;
    page.size++;
    this.#size++;
  }

  /** The job is in it. */
  remove({ id }: Job): void {
    if (typeof id === "string") {
      this.#others.delete(id);
      return;
    }
    const at = Math.floor(id / PAGE);
    const page = this.#page(at);
    page.jobs[id % PAGE] = undefined;
    page.size--;
    this.#size--;
    if (page.size === 0) this.#pages.delete(at);
  }

  /** Those from elsewhere, then this server's in the order of their numbers. */
  *[Symbol.iterator](): Generator<Job> {
    yield* this.#others.values();
    for (const [, { jobs }] of [...this.#pages].sort(([a], [b]) => a - b)) {
      for (const job of jobs) if (job !== undefined) yield job;
    }
  }

  #page(at: number): Page {
    let page = this.#pages.get(at);
    if (page === undefined) {
      page = { jobs: new Array(PAGE).fill(undefined), size: 0 };
      this.#pages.set(at, page);
    }
    return page;
  }

  #numberOf(handle: string): number | undefined {
    const start = this.#prefix.length;
    const digits = handle.length - start;
    if (digits < 1 || digits > MOST_DIGITS || !handle.startsWith(this.#prefix)) return undefined;
    if (handle.charCodeAt(start) === ZERO) return undefined;
    let number = 0;
    for (let at = start; at < handle.length; at++) {
      const code = handle.charCodeAt(at);
      if (code < ZERO || code > NINE) return undefined;
      number = number * 10 + code - ZERO;
    }
    return number;
  }
}
