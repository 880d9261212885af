import type { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import type { GrabKind } from "./types.ts";

/** How long a grab that found nothing waits for a job to come, milliseconds. */
const HOLD_TIME = 1.5;
/** After so many holds in a row that brought nothing, a worker gets its NO_JOB at once until a wake has brought it a job. */
const FRUITLESS_HOLDS = 3;

/**
 * Grabs of busy workers that are held back a moment. A job that arrives now is assigned at once: without NO_JOB, PRE_SLEEP, NOOP and
 * a second grab, so at half the system calls.
 */
export class HeldGrabs {
  /** All are held equally long, so the first is due first. */
  readonly #held: Map<Peer, GrabKind> = new Map();

  get size(): number {
    return this.#held.size;
  }

  /** When tick has something to do, monotonic milliseconds. */
  get next(): number {
    for (const oldest of this.#held.keys()) return oldest.holdUntil;
    return Number.POSITIVE_INFINITY;
  }

  mayHold(peer: Peer): boolean {
    return peer.fruitlessHolds < FRUITLESS_HOLDS;
  }

  hold(peer: Peer, kind: GrabKind, now: number): void {
    peer.holdUntil = now + HOLD_TIME;
    this.#held.set(peer, kind);
  }

  /** The oldest first; a hold may end while they are walked. */
  [Symbol.iterator](): IterableIterator<[Peer, GrabKind]> {
    return this.#held.entries();
  }

  /** Ends a hold with a job. */
  fulfil(peer: Peer): void {
    this.#end(peer);
    peer.fruitlessHolds = 0;
  }

  /** Ends a hold without a job, if there is one; returns whether there was. */
  giveUp(peer: Peer): boolean {
    if (peer.holdUntil === 0) return false;
    this.#end(peer);
    peer.fruitlessHolds++;
    return true;
  }

  /** Adds those whose time is over: they are sent NO_JOB. */
  tick(now: number, outcome: Outcome): void {
    for (const peer of this.#held.keys()) {
      if (peer.holdUntil > now) return;
      this.giveUp(peer);
      outcome.release(peer);
    }
  }

  /** Gives up all. */
  clear(outcome: Outcome): void {
    this.tick(Number.POSITIVE_INFINITY, outcome);
  }

  #end(peer: Peer): void {
    this.#held.delete(peer);
    peer.holdUntil = 0;
  }
}
