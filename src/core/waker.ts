import type { FunctionQueue } from "./function-queue.ts";
import type { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { Schedule } from "./schedule.ts";
import { Sleepers } from "./sleepers.ts";

/** A NOOP that was not answered for this long no longer counts as a worker on its way, milliseconds. */
const ANSWER_TIME = 20;
/** A job that nobody took for this long has every sleeper woken for it, milliseconds. */
const ALL_WOKEN_AFTER = 200;

/**
 * Decides which sleepers are woken. gearmand wakes all of them for each job, which kills it with many idle workers. Here: as many as
 * there are runnable jobs without a worker on its way, the longest asleep first; every 20 ms that a job stays untaken, twice as many
 * (a worker may sleep here while it works for another server); after 200 ms all.
 *
 * Invariant: while a job is runnable, either its function is in the schedule or every sleeper that may have it was woken.
 */
export class Waker {
  /** The least number woken for a job. gearmand's --worker-wakeup */
  readonly #minimum: number;
  readonly #sleepers: Sleepers = new Sleepers();
  readonly #untaken: Schedule<FunctionQueue> = new Schedule();

  constructor(minimum: number | undefined) {
    this.#minimum = minimum === 0 ? Number.POSITIVE_INFINITY : (minimum ?? 0);
  }

  /** When tick has something to do, monotonic milliseconds. */
  get next(): number {
    return this.#untaken.next;
  }

  /** The worker found nothing to take. PROTOCOL: PRE_SLEEP */
  fallAsleep(peer: Peer): void {
    this.#sleepers.add(peer);
  }

  /** The worker does that function from now on; returns whether it may be woken for it. */
  learn(peer: Peer, fn: FunctionQueue): boolean {
    this.#sleepers.learn(peer, fn);
    return peer.asleepAs > 0;
  }

  /** The worker is up again, by itself or because it was woken; returns whether it was woken. */
  rise(peer: Peer): boolean {
    this.#sleepers.remove(peer);
    const { wokenFor } = peer;
    wokenFor?.woken.delete(peer);
    peer.wokenFor = undefined;
    return wokenFor !== undefined;
  }

  /** A function has a runnable job more, or a worker on its way less. Adds whom to send a NOOP. */
  jobWaits(fn: FunctionQueue, now: number, outcome: Outcome): void {
    if (this.#sleepers.size === 0 || fn.runnable === 0) return;
    this.#wake(fn, Math.max(this.#missing(fn, now), this.#minimum), now, outcome);
    this.#watch(fn, now);
  }

  /** Wakes more for the jobs that stayed untaken. */
  tick(now: number, outcome: Outcome): void {
    for (let fn = this.#untaken.takeDue(now); fn !== undefined; fn = this.#untaken.takeDue(now)) {
      this.#wakeMore(fn, now, outcome);
      this.#watch(fn, now);
    }
  }

  #wakeMore(fn: FunctionQueue, now: number, outcome: Outcome): void {
    const oldest = fn.oldestRunnable();
    if (oldest === undefined) return;
    fn.wakeCount = 2 * (fn.overdue === oldest.handle ? fn.wakeCount : Math.max(1, this.#minimum));
    fn.overdue = oldest.handle;
    const all = now - oldest.runnableSince >= ALL_WOKEN_AFTER;
    this.#wake(fn, all ? Number.POSITIVE_INFINITY : Math.max(fn.wakeCount, this.#missing(fn, now)), now, outcome);
  }

  /** Looks again later if there is a job and somebody left to wake for it. */
  #watch(fn: FunctionQueue, now: number): void {
    if (fn.heapIndex >= 0) return;
    const oldest = fn.oldestRunnable();
    if (oldest === undefined || this.#sleepers.next(fn) === undefined) return;
    const allAt = oldest.runnableSince + ALL_WOKEN_AFTER;
    this.#untaken.set(fn, allAt > now ? Math.min(now + ANSWER_TIME, allAt) : now + ANSWER_TIME);
  }

  /** Runnable jobs for which no worker is on its way. */
  #missing(fn: FunctionQueue, now: number): number {
    for (const peer of fn.woken) {
      if (now - peer.wokenAt < ANSWER_TIME) break;
      fn.woken.delete(peer);
    }
    return fn.runnable - fn.woken.size;
  }

  #wake(fn: FunctionQueue, count: number, now: number, outcome: Outcome): void {
    for (let left = count; left > 0; left--) {
      const peer = this.#sleepers.next(fn);
      if (peer === undefined) return;
      this.#sleepers.remove(peer);
      peer.wokenFor = fn;
      peer.wokenAt = now;
      fn.woken.add(peer);
      outcome.wake(peer);
    }
  }
}
