import type { Job } from "./job.ts";
import { numberOf } from "./job.ts";
import { Numbers } from "./numbers.ts";

/**
 * Which ends of jobs are known to be durable: operations of a connection apply in order, so when a later one is answered that waits
 * for its commit, all ends that were sent on that connection before it are durable, too.
 */
export class Ends {
  /** By connection: jobs whose end was sent there and is not known to be durable. */
  readonly #sent: Map<number, Job[]> = new Map();
  /** By the submit or barrier whose answer will say that they are durable. */
  readonly #claims: Map<number, Job[]> = new Map();
  /** Durable with this daemon. */
  #durable: Job[] = [];
  /** Numbers of jobs that were before it: all that must be known of them. */
  readonly #past: Numbers = new Numbers();

  add(connection: number, job: Job): void {
    const jobs = this.#sent.get(connection);
    if (jobs === undefined) this.#sent.set(connection, [job]);
    else jobs.push(job);
  }

  /** A submit or barrier leaves on that connection. */
  claim(id: number, connection: number): void {
    const jobs = this.#sent.get(connection);
    if (jobs === undefined) return;
    this.#sent.delete(connection);
    this.#claims.set(id, jobs);
  }

  /** It was answered; returns how many ends are durable by that. */
  grant(id: number, at: number): number {
    const jobs = this.#claims.get(id) ?? [];
    this.#claims.delete(id);
    for (const job of jobs) job.durableAt = at;
    this.#durable.push(...jobs);
    return jobs.length;
  }

  inPast(handle: string): boolean {
    return this.#past.has(numberOf(handle));
  }

  /** All connections are gone; returns the jobs of which only the number is kept from now on. */
  startLife(): readonly Job[] {
    this.#sent.clear();
    this.#claims.clear();
    const durable = this.#durable;
    this.#durable = [];
    for (const { handle } of durable) this.#past.add(numberOf(handle));
    return durable;
  }
}
