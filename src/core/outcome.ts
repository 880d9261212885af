import { type CommitFailure, type Job, NO_TICKETS, type Ticket } from "./job.ts";
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
  readonly clients: readonly Peer[];
}

/** What an operation did to others than its caller: the server sends the packets, the core never does. */
export class Outcome {
  /** Send JOB_CREATED or ERROR, before anything else. */
  readonly settled: Ticket[] = [];
  /** Send JOB_ASSIGN*. */
  readonly assigned: Assignment[] = [];
  /** Send NOOP. */
  readonly woken: Peer[] = [];
  /** Send NO_JOB: the held grab found nothing. */
  readonly released: Peer[] = [];
  /** Send WORK_FAIL to the clients, and let the store know if it keeps the job. */
  readonly ended: Ending[] = [];
  /** Jobs that went back to the queue, one delivery older: the store is to know. */
  readonly requeued: Job[] = [];

  /** Answers all submits that wait for the job's commit; if it failed, those in the foreground are answered well all the same. */
  settle(job: Job, failure?: CommitFailure): void {
    for (const ticket of job.tickets) {
      ticket.state = failure === undefined || !ticket.background ? "acknowledged" : failure;
      this.settled.push(ticket);
    }
    job.tickets = NO_TICKETS;
  }
}
