/**
 * One commit after the other. What is asked in a turn of the event loop goes when the turn ends; what gathers meanwhile goes next.
 *
 *     new       --begin()--> idle
 *     idle      --something is asked--> scheduled --the turn ends--> in flight
 *     in flight --answered--> idle, or in flight again if more was asked
 *     any       --the thread failed--> failed: nothing is settled any more
 */
import { Conditions } from "../lib/waiting.ts";
import { Changes, type Taken } from "./changes.ts";
import type { Committed } from "./messages.ts";
import type { StorageThread } from "./storage-thread.ts";
import type { StoreError } from "./store-error.ts";

export class Commits {
  /** What the next commit will hold; {@link schedule} is to be called when something was added. */
  readonly changes: Changes = new Changes();
  readonly #answered: (taken: Taken, answer: Committed) => void;
  readonly #idle: Conditions = new Conditions();
  #thread: StorageThread | undefined;
  #scheduled = false;
  #inFlight: Taken | undefined;
  #failure: StoreError | undefined;

  /** @param answered told what became of each commit */
  constructor(answered: (taken: Taken, answer: Committed) => void) {
    this.#answered = answered;
  }

  /** Changes that are not stored yet. */
  get waiting(): number {
    return this.changes.size + (this.#inFlight?.puts.length ?? 0);
  }

  /** The store is open: what was asked before goes now. */
  begin(thread: StorageThread): void {
    this.#thread = thread;
    this.schedule();
  }

  schedule(): void {
    if (this.#scheduled || this.#inFlight !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (!this.changes.empty) this.commit();
      this.#idle.check();
    });
  }

  /** At once, though there may be nothing to store: the answer tells whether there is room. */
  commit(): void {
    if (this.#thread === undefined || this.#inFlight !== undefined || this.#failure !== undefined) return;
    const taken = this.changes.take();
    this.#inFlight = taken;
    this.#thread.commit(taken.batch).then(
      (answer) => this.#hear(taken, answer),
      (error: StoreError) => this.fail(error),
    );
  }

  /** Calls back when all is stored that was asked before. */
  barrier(settled: () => void): void {
    if (!this.changes.empty || this.#failure !== undefined) this.changes.barrier(settled);
    else if (this.#inFlight === undefined) settled();
    else this.#inFlight.barriers.push(settled);
  }

  /** Settles when nothing is in flight, nor about to be. Rejects when the thread has failed. */
  async quiet(): Promise<void> {
    await this.#idle.until(() => this.#failure !== undefined || (this.#inFlight === undefined && !this.#scheduled));
    if (this.#failure !== undefined) throw this.#failure;
  }

  fail(error: StoreError): void {
    this.#failure ??= error;
    this.#idle.check();
  }

  #hear(taken: Taken, answer: Committed): void {
    this.#inFlight = undefined;
    this.#answered(taken, answer);
    // What there was no room for waits until it is asked again.
    if (answer.changed && !this.changes.empty) this.commit();
    this.#idle.check();
  }
}
