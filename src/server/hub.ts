import type { AdminContext } from "../admin/context.ts";
import type { CommitFailure, Job, Ticket } from "../core/job.ts";
import type { JobServer } from "../core/job-server.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Peer } from "../core/peer.ts";
import type { Clock } from "../core/types.ts";
import { LimitedLog } from "../lib/limited-log.ts";
import type { Logger } from "../lib/log.ts";
import { systemClock } from "../lib/system-clock.ts";
import type { Packet } from "../protocol/encode.ts";
import type { InputBudget } from "../protocol/held-bytes.ts";
import type { Store, StoreStats } from "../store/store.ts";
import type { StoreError } from "../store/store-error.ts";
import type { Connection } from "../transport/connection.ts";
import type { TransportLimits } from "../transport/options.ts";
import type { OutputTotal } from "../transport/outbox.ts";
import { Slot } from "../transport/output-queue.ts";
import type { ConnectionCounters } from "./counters.ts";
import type { Switchboard } from "./handlers/handler.ts";
import { boundOutput } from "./output-bounds.ts";
import { Printer } from "./printer.ts";
import { assignment, NO_JOB, NOOP, workFail } from "./replies.ts";
import { Session } from "./session.ts";
import { Turn } from "./turn.ts";

/** What a hub is made of. */
export interface HubParts {
  readonly core: JobServer;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: TransportLimits;
  readonly counters: ConnectionCounters;
  /** Whether connections start with the option `exceptions` on. */
  readonly exceptions: boolean;
  readonly admin: Omit<AdminContext, "core" | "addressOf" | "deliver">;
  /** Called when a connection is gone. */
  readonly gone: (connection: Connection) => void;
  /** Called at the end of every turn in which something happened. */
  readonly turnEnded: () => void;
}

/** Joins the core, the store and the connections: sends what the core says to whom it concerns, and asks the store to keep jobs. */
export class Hub implements Switchboard {
  readonly core: JobServer;
  readonly log: Logger;
  /** For what peers can cause without end. */
  readonly limitedLog: LimitedLog;
  readonly limits: TransportLimits;
  readonly counters: ConnectionCounters;
  readonly admin: AdminContext;
  readonly inputBudget: InputBudget;
  readonly outputTotal: OutputTotal = { now: () => this.now, held: 0, sent: 0 };
  readonly #parts: HubParts;
  readonly #sessions: Map<Peer, Session> = new Map();
  /** Sessions that may have stalled: the sweeper looks at them. */
  readonly suspects: Set<Session> = new Set();
  /** Makes long replies. */
  readonly printer: Printer = new Printer(systemClock.monotonic);
  readonly turn: Turn;

  constructor(parts: HubParts) {
    this.#parts = parts;
    this.core = parts.core;
    this.log = parts.log;
    this.limitedLog = new LimitedLog(parts.log, parts.clock.monotonic);
    this.limits = parts.limits;
    this.counters = parts.counters;
    this.turn = new Turn(parts.clock.monotonic, (served) => this.#turnEnded(served));
    this.inputBudget = { held: 0, max: parts.limits.maxInputBytes };
    this.admin = {
      ...parts.admin,
      core: parts.core,
      addressOf: (peer) => this.#sessions.get(peer)?.connection.remote.address ?? "-",
      deliver: (outcome) => this.deliver(outcome),
    };
  }

  get storeStats(): StoreStats {
    return this.#parts.store.stats;
  }

  get now(): number {
    return this.#parts.clock.monotonic();
  }

  /** Connections that are there. */
  get size(): number {
    return this.#sessions.size;
  }

  sessions(): IterableIterator<Session> {
    return this.#sessions.values();
  }

  connect(connection: Connection): void {
    this.counters.accepted++;
    const session = new Session(this, connection, this.core.connect(this.#parts.exceptions));
    this.#sessions.set(session.peer, session);
    if (session.suspicious) this.suspects.add(session);
    connection.open(session);
  }

  /** The session takes part no more: its jobs go back, its clients are gone. */
  leave(session: Session): void {
    this.deliver(this.core.leave(session.peer));
  }

  /** The connection of the session is gone. */
  forget(session: Session): void {
    if (!this.#sessions.delete(session.peer)) return;
    this.counters.closed++;
    this.suspects.delete(session);
    this.#parts.gone(session.connection);
    this.turn.schedule();
  }

  /** Sends a packet to a connection that the core named. */
  send(peer: Peer, packet: Packet): void {
    this.#sessions.get(peer)?.send(packet);
  }

  /** Asks the store to keep a job; the memory store has it at once. */
  store(job: Job): void {
    this.#parts.store.put(job, (error) => this.#committed(job, error));
  }

  /** The job is done with: if the store keeps it, it need not any more. */
  unstore(job: Job): void {
    if (job.stored !== "no") this.#parts.store.remove(job);
  }

  /** Calls back when all that the store was asked so far is stored. */
  barrier(settled: () => void): void {
    this.#parts.store.barrier(settled);
  }

  /** Sends what an operation did to others than its caller, and tells the store. */
  deliver(outcome: Outcome): void {
    if (!outcome.empty) this.#tell(outcome);
    this.turn.schedule();
  }

  #tell(outcome: Outcome): void {
    for (const ticket of outcome.settled) this.#settle(ticket);
    for (const peer of outcome.woken) this.send(peer, NOOP);
    for (const { peer, kind, job } of outcome.assigned) this.send(peer, assignment(job, kind));
    for (const peer of outcome.released) this.send(peer, NO_JOB);
    for (const job of outcome.requeued) if (job.stored !== "no") this.#parts.store.retried(job);
    for (const { job, reason, clients } of outcome.ended) {
      for (const client of clients) this.send(client.peer, workFail(job));
      if (reason === "dead") this.#bury(job);
      else this.unstore(job);
    }
  }

  #committed(job: Job, error: StoreError | undefined): void {
    if (error === undefined) return this.deliver(this.core.commitSucceeded(job));
    this.limitedLog.error({ handle: job.handle, error: error.message }, "job could not be stored: refused");
    const failure: CommitFailure = error.kind === "space" ? "no space" : "not stored";
    return this.deliver(this.core.commitFailed(job, failure));
  }

  /** A submit that is being handled right now has no place yet: its handler looks at the ticket and answers. */
  #settle(ticket: Ticket): void {
    if (ticket.place instanceof Slot) this.#sessions.get(ticket.peer)?.settle(ticket, ticket.place);
  }

  #bury(job: Job): void {
    this.log.warn({ handle: job.handle, retries: job.retries }, "job's retries are spent: it is not run again");
    if (job.stored !== "no") this.#parts.store.bury(job);
  }

  /** All output is flushed, and nothing is being served. */
  #turnEnded(served: readonly Session[]): void {
    boundOutput(this, served);
    this.printer.turn();
    if (this.printer.busy) this.turn.schedule();
    this.#parts.turnEnded();
  }
}
