import type { FunctionQueue } from "./function-queue.ts";
import type { Peer } from "./peer.ts";

/** That a worker fell asleep: over once it has another number, or none. */
interface Nap {
  readonly peer: Peer;
  readonly number: number;
}

/** So many naps that are over may stay at least before they are cleared away. */
const SLACK = 16;

/**
 * Workers that sleep and were not woken, the longest asleep first: in one list whatever their functions, so that falling asleep costs the
 * same however many those are. A function remembers up to where it found none for it, and passes over each nap once.
 */
export class Sleepers {
  #naps: Nap[] = [];
  /** Index of the first nap that lasts. */
  #first = 0;
  #size = 0;
  #latest = 0;

  get size(): number {
    return this.#size;
  }

  add(peer: Peer): void {
    peer.asleepAs = ++this.#latest;
    this.#naps.push({ peer, number: peer.asleepAs });
    this.#size++;
  }

  /** Nothing happens if it is not here. */
  remove(peer: Peer): void {
    if (peer.asleepAs === 0) return;
    peer.asleepAs = 0;
    this.#size--;
    if (this.#naps.length > 2 * this.#size + SLACK) this.#clear();
    else this.#skip();
  }

  #skip(): void {
    for (let nap = this.#naps[this.#first]; nap !== undefined && !lasts(nap); nap = this.#naps[this.#first])
      this.#first++;
  }

  #clear(): void {
    this.#naps = this.#naps.filter(lasts);
    this.#first = 0;
  }

  /** The peer, if it is here, does the function from now on. */
  learn(peer: Peer, fn: FunctionQueue): void {
    if (peer.asleepAs > 0) fn.napsPassed = Math.min(fn.napsPassed, peer.asleepAs - 1);
  }

  /** The longest asleep for whom that function has a job. Looks at twice as many as the function has workers at most. */
  next(fn: FunctionQueue): Peer | undefined {
    const from = this.#after(fn.napsPassed);
    const to = from + fn.workers.size;
    let passes = true;
    for (let at = from; at < to; at++) {
      const nap = this.#naps[at];
      if (nap === undefined) return undefined;
      const able = lasts(nap) && nap.peer.abilityOf(fn) !== undefined;
      if (able && fn.jobFor(nap.peer) !== undefined) return nap.peer;
      // One from whom all jobs are withheld is to be looked at again.
      passes &&= !able;
      if (passes) fn.napsPassed = nap.number;
    }
    return this.#among(fn);
  }

  /** The same, found among its workers. */
  #among(fn: FunctionQueue): Peer | undefined {
    let [first, longest]: [first: number, longest: Peer | undefined] = [this.#latest + 1, undefined];
    for (const peer of fn.workers) {
      if (peer.asleepAs === 0) continue;
      first = Math.min(first, peer.asleepAs);
      if ((longest === undefined || peer.asleepAs < longest.asleepAs) && fn.jobFor(peer) !== undefined) longest = peer;
    }
    fn.napsPassed = first - 1;
    return longest;
  }

  /** Index of the first nap with a higher number. */
  #after(number: number): number {
    let [low, high] = [this.#first, this.#naps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const nap = this.#naps[middle];
      if (nap === undefined || nap.number > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const lasts = ({ peer, number }: Nap): boolean => peer.asleepAs === number;
