import { type Job, lookOf } from "./job.ts";
import type { OpenSubmits } from "./open-submits.ts";
import type { Assigned } from "./records.ts";

/** Whether it is as somebody submitted it who was answered with its handle, or may not have read the answer. */
export function isAsSubmitted(job: Job, assigned: Assigned, open: OpenSubmits): boolean {
  const look = lookOf(assigned);
  if (job.hasLook(look)) return true;
  return job.look === undefined && job.admits(assigned) && open.withLook(look).length > 0;
}

/** The first submit decides on the time; which that was can be seen by the workload, mostly. */
export function isEarly(job: Job, assigned: Assigned, open: OpenSubmits): boolean {
  const look = lookOf(assigned);
  const alike = [...job.submits.filter((submit) => lookOf(submit) === look), ...open.withLook(look)];
  return alike.length > 0 && alike.every(({ epoch }) => epoch > assigned.at);
}

/** Looks at the order of what daemons found in their store: of each function and priority as it was acknowledged. */
export class Order {
  /** By function and priority: the number of the last one. */
  readonly #last: Map<string, number> = new Map();

  /** A job that waits for no time, and that nobody else can have submitted: else its place is not known. */
  static applies(job: Job, assigned: Assigned, open: OpenSubmits): boolean {
    const [submit, ...others] = job.submits;
    if (submit === undefined || others.length > 0 || !submit.background || submit.epoch > 0) return false;
    return submit.unique !== "-" && job.hasLook(lookOf(assigned)) && open.withLook(lookOf(assigned)).length === 0;
  }

  /** Whether it comes after all of its queue that were handed out before. */
  follows(job: Job, number: number): boolean {
    const queue = `${job.submits[0]?.priority} ${job.submits[0]?.function}`;
    const last = this.#last.get(queue) ?? -1;
    this.#last.set(queue, Math.max(last, number));
    return number > last;
  }
}
