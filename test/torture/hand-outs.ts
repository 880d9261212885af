import { type Job, lookOf, numberOf } from "./job.ts";
import type { OpenSubmits } from "./open-submits.ts";
import type { Assigned } from "./records.ts";
import type { Tally } from "./verdict.ts";

/** Looks at each job that is handed out: whether it is as it was submitted, in time, in order, and with one worker only. */
export class HandOuts {
  readonly #tally: Tally;
  readonly #open: OpenSubmits;
  readonly #closed: Set<number> = new Set();
  /** By function and priority: the number of the last job that was found in a store. */
  readonly #last: Map<string, number> = new Map();
  #workers = 0;

  constructor(tally: Tally, open: OpenSubmits) {
    this.#tally = tally;
    this.#open = open;
  }

  startLife(workers: number): void {
    this.#workers = workers;
    this.#closed.clear();
  }

  close(connection: number): void {
    this.#closed.add(connection);
  }

  add(job: Job, assigned: Assigned): void {
    const look = lookOf(assigned);
    if (!this.#isAsSubmitted(job, assigned))
      this.#tally.broken("altered", job.handle, `${look}, but ${job.submits.map(lookOf)}`);
    if (this.#isEarly(job, assigned)) this.#tally.broken("early", job.handle, `at ${assigned.at}`);
    if (this.#isHeld(job)) this.#tally.broken("twice", job.handle, look);
    else if (job.end !== undefined) this.#tally.counts.repeated++;
    else if (job.holder !== undefined) this.#tally.counts.retried++;
    else this.#firstTime(job, assigned);
    job.look ??= look;
    job.holder = { life: this.#life, connection: assigned.connection };
    job.end = undefined;
  }

  get #life(): number {
    return this.#tally.counts.lives;
  }

  /** Whether somebody submitted it like that who was answered with its handle, or may not have read the answer. */
  #isAsSubmitted(job: Job, assigned: Assigned): boolean {
    const look = lookOf(assigned);
    if (job.hasLook(look)) return true;
    return job.look === undefined && job.admits(assigned) && this.#open.withLook(look).length > 0;
  }

  /** The first submit decides on the time; which that was can be seen by the workload, mostly. */
  #isEarly(job: Job, assigned: Assigned): boolean {
    const look = lookOf(assigned);
    const alike = [...job.submits.filter((submit) => lookOf(submit) === look), ...this.#open.withLook(look)];
    return alike.length > 0 && alike.every(({ epoch }) => epoch > assigned.at);
  }

  /** Whether this daemon gave it to somebody whose connection still stands; if he has sent its end, it should be gone. */
  #isHeld({ holder }: Job): boolean {
    return holder?.life === this.#life && !this.#closed.has(holder.connection);
  }

  #firstTime(job: Job, assigned: Assigned): void {
    if (job.acknowledgedIn === 0 || job.acknowledgedIn === this.#life) return;
    this.#tally.counts.recovered++;
    // Over several connections, the order in which they are read is not that of the daemon.
    if (this.#workers !== 1 || !this.#hasPlace(job, assigned)) return;
    this.#tally.counts.ordered++;
    if (!this.#isNext(job)) this.#tally.broken("order", job.handle);
  }

  /** Only for a job that waits for no time, and that nobody else can have submitted, its place is known. */
  #hasPlace(job: Job, assigned: Assigned): boolean {
    const [submit, ...others] = job.submits;
    if (submit === undefined || others.length > 0 || !submit.background || submit.epoch > 0) return false;
    const look = lookOf(assigned);
    return submit.unique !== "-" && job.hasLook(look) && this.#open.withLook(look).length === 0;
  }

  /** Whether it comes after all of its queue that came before. */
  #isNext({ handle, submits: [submit] }: Job): boolean {
    const queue = `${submit?.priority} ${submit?.function}`;
    const last = this.#last.get(queue) ?? -1;
    this.#last.set(queue, Math.max(last, numberOf(handle)));
    return numberOf(handle) > last;
  }
}
