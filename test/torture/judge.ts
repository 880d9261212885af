import { Ends } from "./ends.ts";
import { HandOuts } from "./hand-outs.ts";
import { Job, lookOf, numberOf } from "./job.ts";
import { type OpenSubmit, OpenSubmits } from "./open-submits.ts";
import type { Assigned, Submitted, TortureRecord } from "./records.ts";
import { Tally, type Verdict } from "./verdict.ts";

type Of<What extends TortureRecord["what"]> = Extract<TortureRecord, { what: What }>;

/**
 * Reads a ledger line by line, and says which promises were broken. It never asks a server.
 *
 *     acknowledged --> handed out --> end sent --> end durable: it must not come back
 *     handed out --its worker left, or the daemon died--> handed out again
 *     end sent --the daemon died--> handed out again: counted, as nobody knows whether the end was durable
 */
export class Judge {
  readonly #tally: Tally = new Tally();
  readonly #open: OpenSubmits = new OpenSubmits();
  readonly #ends: Ends = new Ends();
  readonly #handOuts: HandOuts = new HandOuts(this.#tally, this.#open);
  /** By the number of their handle. */
  readonly #jobs: Map<number, Job> = new Map();
  #at = 0;

  add(record: TortureRecord): void {
    this.#at++;
    switch (record.what) {
      case "life":
        return this.#life(record);
      case "submitted":
        return this.#submitted(record);
      case "acknowledged":
        return this.#acknowledged(record);
      case "refused":
        return this.#refused(record);
      case "assigned":
        return this.#assigned(record);
      case "completed":
        return this.#completed(record);
      case "barrier":
        return this.#ends.claim(record.id, record.connection);
      case "passed":
        return this.#grant(record.id);
      case "closed":
        return this.#handOuts.close(record.connection);
      case "drained":
        return this.#drained();
    }
  }

  verdict(): Verdict {
    this.#counts.unknown = this.#open.size;
    return this.#tally.verdict();
  }

  get #counts() {
    return this.#tally.counts;
  }

  /** What was acknowledged, and has not come to an end, is lost. */
  #drained(): void {
    for (const job of this.#jobs.values()) {
      if (job.owed) this.#tally.broken("lost", job.handle, `${job.submits.map(lookOf)}`);
      job.owed = false;
    }
  }

  #life({ workers }: Of<"life">): void {
    this.#counts.lives++;
    this.#handOuts.startLife(workers);
    for (const { handle } of this.#ends.startLife()) this.#jobs.delete(numberOf(handle));
  }

  #submitted(submit: Submitted): void {
    this.#counts.submitted++;
    this.#open.add(submit, this.#at);
    // The answer to a foreground submit waits for no commit.
    if (submit.background) this.#ends.claim(submit.id, submit.connection);
  }

  #refused({ id }: Of<"refused">): void {
    this.#counts.refused++;
    this.#open.take(id);
  }

  #grant(id: number): void {
    this.#counts.durable += this.#ends.grant(id, this.#at);
  }

  #acknowledged({ id, handle }: Of<"acknowledged">): void {
    const open = this.#open.take(id);
    this.#grant(id);
    const job = this.#jobOf(handle, open);
    if (job === undefined) return this.#tally.broken("reused", handle, `also given to ${lookOf(open.submit)}`);
    if (job.submits.length > 0) this.#counts.joined++;
    else job.acknowledgedIn = this.#counts.lives;
    job.submits.push(open.submit);
    if (open.submit.background) this.#owe(job);
  }

  /** The job that a submit was answered with; none if it cannot be that. */
  #jobOf(handle: string, { submit, at }: OpenSubmit): Job | undefined {
    if (this.#ends.inPast(handle)) return undefined;
    const job = this.#jobs.get(numberOf(handle)) ?? this.#newJob(handle, submit);
    return job.durableAt < at || !job.admits(submit) ? undefined : job;
  }

  #newJob(handle: string, known: Submitted | Assigned): Job {
    const job = new Job(handle, known);
    this.#jobs.set(numberOf(handle), job);
    return job;
  }

  /** If this daemon was sent its end already, that may have come after the submit. */
  #owe(job: Job): void {
    this.#counts.acknowledged++;
    if (job.end?.life !== this.#counts.lives) job.owed = true;
  }

  #assigned(record: Assigned): void {
    this.#counts.assigned++;
    const { handle } = record;
    const known = this.#jobs.get(numberOf(handle));
    if (this.#ends.inPast(handle) || (known !== undefined && known.durableAt < this.#at))
      return this.#tally.broken("again", handle, lookOf(record));
    this.#handOuts.add(known ?? this.#newJob(handle, record), record);
  }

  #completed({ connection, handle }: Of<"completed">): void {
    this.#counts.completed++;
    const job = this.#jobs.get(numberOf(handle));
    if (job === undefined) return; // it was handed out again after its end: that is written down
    job.owed = false;
    job.end = { life: this.#counts.lives, connection };
    this.#ends.add(connection, job);
  }
}
