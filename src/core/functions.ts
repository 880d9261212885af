import { FunctionQueue } from "./function-queue.ts";
import type { Limits } from "./limits.ts";
import type { ByteString } from "./types.ts";

/** A function with a name up to here counts as one. It is kept twice, beside what a function costs by itself. Bytes. */
const SHORT_NAME = 500;

/**
 * All functions by name. One that is idle (empty, no workers, not made by hand) stays for a while, so that monitoring sees its
 * row with 0 workers; the longest idle are forgotten first, so that names made up per request do not pile up for ever.
 */
export class Functions {
  readonly #limits: Limits;
  readonly #handlePrefix: string;
  // The prefix keeps names from being integers: V8 hashes those predictably (CVE-2026-21717).
  readonly #byName: Map<string, FunctionQueue> = new Map();
  readonly #idle: Set<FunctionQueue> = new Set();
  /** How many there are, one with a long name as several. */
  #weight = 0;
  /** The one that was asked for last: most jobs in a row are of one function. */
  #last: FunctionQueue | undefined;

  constructor(limits: Limits, handlePrefix = "") {
    this.#limits = limits;
    this.#handlePrefix = handlePrefix;
  }

  get size(): number {
    return this.#byName.size;
  }

  get(name: ByteString): FunctionQueue | undefined {
    if (this.#last?.name !== name) this.#last = this.#byName.get(`f${name}`);
    return this.#last;
  }

  /** The function of that name, made if need be; undefined when there are too many. The caller uses it or releases it. */
  open(name: ByteString): FunctionQueue | undefined {
    const known = this.get(name);
    if (known !== undefined) {
      this.#idle.delete(known);
      return known;
    }
    return this.#makeRoom(weightOf(name)) ? this.#make(name) : undefined;
  }

  /** The same, however many there are. */
  openAnyway(name: ByteString): FunctionQueue {
    return this.open(name) ?? this.#make(name);
  }

  /** An administrator has said whether it is to stay. */
  reconsider(fn: FunctionQueue): void {
    this.#idle.delete(fn);
    this.release(fn);
  }

  /** To be called when a function may have become idle. */
  release(fn: FunctionQueue): void {
    if (!fn.idle || this.get(fn.name) !== fn) return;
    this.#idle.add(fn);
    if (this.#idle.size > this.#limits.maxIdleFunctions) this.#evict();
  }

  remove(fn: FunctionQueue): void {
    this.#byName.delete(`f${fn.name}`);
    this.#weight -= weightOf(fn.name);
    this.#last = undefined;
    this.#idle.delete(fn);
  }

  /** In the order they were made. */
  values(): IterableIterator<FunctionQueue> {
    return this.#byName.values();
  }

  #makeRoom(weight: number): boolean {
    while (this.#weight + weight > this.#limits.maxFunctions) if (!this.#evict()) return false;
    return true;
  }

  #make(name: ByteString): FunctionQueue {
    const made = new FunctionQueue(name, this.#handlePrefix);
    this.#byName.set(`f${name}`, made);
    this.#weight += weightOf(name);
    return made;
  }

  /** Forgets the function that has been idle longest; false when none is. */
  #evict(): boolean {
    for (const longest of this.#idle) {
      this.remove(longest);
      return true;
    }
    return false;
  }
}

const weightOf = (name: ByteString): number => 1 + Math.floor(name.length / SHORT_NAME);
