import { type Client, type CommitFailure, type Job, NO_TICKETS, type Ticket } from "./job.ts";
import type { List } from "./list.ts";
import type { Peer } from "./peer.ts";
import type { GrabKind } from "./types.ts";

/** A held grab that got its job. */
export interface Assignment {
  readonly peer: Peer;
  readonly kind: GrabKind;
  readonly job: Job;
}

/** A job that ended without its worker saying so. */
export interface Ending {
  readonly job: Job;
  readonly reason: "dead" | "cancelled" | "abandoned";
  /** Who waited for it, and is to be told that it failed. */
  readonly clients: List<Client>;
}

/** What most outcomes have: not made anew for each. Frozen, so that nobody adds to it. */
const NONE: readonly never[] = Object.freeze([]);

/** What an operation did to others than its caller: the server sends the packets, the core never does. */
export class Outcome {
  /** Send JOB_CREATED or ERROR, before anything else. */
  settled: readonly Ticket[] = NONE;
  /** Send JOB_ASSIGN*. */
  assigned: readonly Assignment[] = NONE;
  /** Send NOOP. */
  woken: readonly Peer[] = NONE;
  /** Send NO_JOB: the held grab found nothing. */
  released: readonly Peer[] = NONE;
  /** Send WORK_FAIL to the clients, and let the store know if it keeps the job. */
  ended: readonly Ending[] = NONE;
  /** Jobs that went back to the queue, one delivery older: the store is to know. */
  requeued: readonly Job[] = NONE;

  /** There is nobody to be told of anything. */
  get empty(): boolean {
    return (
      this.settled === NONE &&
      this.assigned === NONE &&
      this.woken === NONE &&
      this.released === NONE &&
      this.ended === NONE &&
      this.requeued === NONE
    );
  }

  /** Answers all submits that wait for the job's commit; if it failed, those in the foreground are answered well all the same. */
  settle(job: Job, failure?: CommitFailure): void {
    if (job.tickets.length === 0) return;
    for (const ticket of job.tickets) {
      ticket.state = failure === undefined || !ticket.background ? "acknowledged" : failure;
    }
    this.settled = this.settled === NONE ? job.tickets : [...this.settled, ...job.tickets];
    job.tickets = NO_TICKETS;
  }

  assign(peer: Peer, kind: GrabKind, job: Job): void {
    this.assigned = added(this.assigned, { peer, kind, job });
  }

  wake(peer: Peer): void {
    this.woken = added(this.woken, peer);
  }

  release(peer: Peer): void {
    this.released = added(this.released, peer);
  }

  end(job: Job, reason: Ending["reason"], clients: List<Client>): void {
    this.ended = added(this.ended, { job, reason, clients });
  }

  requeue(job: Job): void {
    this.requeued = added(this.requeued, job);
  }
}

/** The list, or the first of its own, with the item. */
function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list === NONE) return [item];
  (list as T[]).push(item);
  return list;
}
