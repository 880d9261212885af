import type { Client, CommitFailure, Job, JobRecord } from "../../src/core/job.ts";
import { JobServer } from "../../src/core/job-server.ts";
import type { Limits } from "../../src/core/limits.ts";
import { Outcome } from "../../src/core/outcome.ts";
import type { Peer } from "../../src/core/peer.ts";
import type { Finish } from "../../src/core/results.ts";
import type { CoreOptions } from "../../src/core/state.ts";
import type { GrabKind, JobSpec } from "../../src/core/types.ts";
import { FakeClock } from "../support/core-clock.ts";
import { coreOptions, limitsOf } from "../support/core-harness.ts";
import { FakeStore } from "./fake-store.ts";
import { Ledger } from "./ledger.ts";

/** A packet to a connection. */
export interface Sent {
  readonly to: number;
  readonly what: "created" | "refused" | "assign" | "no job" | "noop" | "final" | "unknown";
  readonly handle: string;
  /** Why refused, which kind of assignment, how it ended. */
  readonly how: string;
}

export interface WorldOptions {
  readonly jobRetries: number;
  readonly workerWakeup: number | undefined;
  readonly limits: Partial<Limits>;
}

/**
 * A job server with connections that are numbers, a clock and a store: what src/server is to the core, without bytes. Every operation
 * returns the packets that were sent, and the ledger hears of all that happens.
 */
export class World {
  readonly clock: FakeClock = new FakeClock();
  readonly store: FakeStore = new FakeStore();
  readonly ledger: Ledger = new Ledger(this.store);
  readonly #options: CoreOptions;
  #server: JobServer;
  readonly peers: Map<number, Peer> = new Map();
  draining = false;
  #sent: Sent[] = [];

  constructor({ jobRetries, workerWakeup, limits }: WorldOptions) {
    const nextNumber = (): number | undefined => this.store.numbers.next();
    const options = {
      clock: this.clock,
      handlePrefix: "",
      nextNumber,
      jobRetries,
      workerWakeup,
      limits: limitsOf(limits),
    };
    this.#options = coreOptions(options);
    this.#server = new JobServer(this.#options);
  }

  get server(): JobServer {
    return this.#server;
  }

  /** The server is killed, when so many commits have reached the disk that it has not heard of, and starts again. */
  restart(commits: number): void {
    const connections = this.server.connect(false).id;
    this.peers.clear();
    this.draining = false;
    this.#server = new JobServer(this.#options);
    // Numbers of connections are not used twice: what is on its way to an old one is not for a new one.
    for (let n = 0; n < connections; n++) this.server.leave(this.server.connect(false));
    this.ledger.crashed(this.store.crash(commits).map((record) => this.#restore(record)));
  }

  #restore(record: JobRecord): Job {
    this.server.restore(record);
    const job = this.server.jobByHandle(record.handle);
    if (job === undefined) throw new Error(`${record.handle} is not restored`);
    return job;
  }

  connect(): number {
    const peer = this.server.connect(false);
    this.peers.set(peer.id, peer);
    return peer.id;
  }

  leave(id: number): Sent[] {
    const peer = this.#peer(id);
    this.peers.delete(id);
    this.ledger.left(id);
    return this.#done(this.server.leave(peer));
  }

  submit(id: number, spec: JobSpec): Sent[] {
    const submitted = this.server.submit(spec, this.#request(id));
    this.ledger.submitted(id, spec.background, submitted);
    if (submitted.kind === "refused") this.#send(id, "refused", "", submitted.reason);
    if (submitted.kind === "created") {
      this.#send(id, "created", submitted.job.handle);
      return this.#done(submitted.outcome);
    }
    if (submitted.kind === "waiting" && submitted.store) this.store.put(submitted.ticket.job);
    return this.#done();
  }

  /** The oldest commit that is out ends. */
  commit(failure?: CommitFailure): Sent[] {
    const job = this.store.settle(failure);
    if (job === undefined) return [];
    const outcome = failure === undefined ? this.server.commitSucceeded(job) : this.server.commitFailed(job, failure);
    if (failure !== undefined) this.ledger.commitFailed(job, outcome);
    this.ledger.enqueued(job);
    return this.#done(outcome);
  }

  canDo(id: number, name: string, timeout: number): Sent[] {
    const outcome = this.server.canDo(this.#request(id), name, timeout);
    return this.#done(outcome);
  }

  cantDo(id: number, name: string): Sent[] {
    return this.#done(this.server.cantDo(this.#request(id), name));
  }

  resetAbilities(id: number): Sent[] {
    return this.#done(this.server.resetAbilities(this.#request(id)));
  }

  grab(id: number, kind: GrabKind, busy: boolean): Sent[] {
    const peer = this.#request(id);
    this.ledger.grabbed(id);
    const grabbed = this.server.grab(peer, kind, busy);
    if (grabbed === "none") this.#send(id, "no job");
    else if (grabbed === "held") this.ledger.held(id);
    else this.#assign(id, kind, grabbed);
    return this.#done();
  }

  preSleep(id: number): Sent[] {
    const peer = this.#request(id);
    this.ledger.grabbed(id);
    if (this.server.preSleep(peer)) this.#send(id, "noop", "", "there");
    else this.ledger.asleep.add(id);
    return this.#done();
  }

  finish(id: number, handle: string, how: Finish): Sent[] {
    const peer = this.#request(id);
    const { job, clients, outcome } = this.server.finish(peer, handle, how);
    if (job === undefined) {
      this.ledger.notFinished(id, handle);
      this.#send(id, "unknown", handle);
      return this.#done(outcome);
    }
    if (job.stored !== "no") this.store.remove(handle);
    this.#done(outcome, false);
    this.ledger.finished(id, handle, how, ids(clients));
    for (const id of ids(clients)) this.#send(id, "final", handle, how);
    return this.#done();
  }

  progress(id: number, handle: string): boolean {
    return this.server.progress(this.#request(id), handle, "1", "2") !== undefined;
  }

  cancel(handle: string): Sent[] | undefined {
    const outcome = this.server.cancel(handle);
    return outcome === undefined ? undefined : this.#done(outcome);
  }

  dropFunction(name: string): { dropped: number; busy: number; sent: Sent[] } {
    const { dropped, busy, outcome } = this.server.dropFunction(name);
    return { dropped, busy, sent: this.#done(outcome) };
  }

  tick(): Sent[] {
    const outcome = this.server.tick();
    this.ledger.ticked();
    return this.#done(outcome);
  }

  drain(): Sent[] {
    this.draining = true;
    return this.#done(this.server.drain());
  }

  /** A packet comes: that settles a held grab first. */
  #request(id: number): Peer {
    const peer = this.#peer(id);
    if (this.server.releaseGrab(peer)) {
      this.ledger.released(id);
      this.#send(id, "no job");
    }
    return peer;
  }

  #peer(id: number): Peer {
    const peer = this.peers.get(id);
    if (peer === undefined) throw new Error(`there is no connection ${id}`);
    return peer;
  }

  #send(to: number, what: Sent["what"], handle = "", how = ""): void {
    if (what === "noop") this.ledger.counts.woken++;
    if (this.peers.has(to)) this.#sent.push({ to, what, handle, how });
  }

  #assign(to: number, kind: GrabKind, job: Job): void {
    this.ledger.assigned(to, job);
    this.#send(to, "assign", job.handle, kind);
  }

  /** Sends what an outcome says, in the order that the server does. */
  #done(outcome: Outcome = new Outcome(), last = true): Sent[] {
    for (const ticket of outcome.settled) {
      this.ledger.settled(ticket);
      this.#send(ticket.peer.id, ticket.state === "acknowledged" ? "created" : "refused", ticket.job.handle);
    }
    for (const { id } of outcome.woken) this.#wake(id);
    for (const job of outcome.requeued) {
      this.ledger.requeued(job.handle);
      if (job.stored !== "no") this.store.retried(job);
    }
    for (const { peer, kind, job } of outcome.assigned) {
      this.ledger.fulfilled(peer.id);
      this.#assign(peer.id, kind, job);
    }
    for (const { id } of outcome.released) {
      this.ledger.released(id);
      this.#send(id, "no job");
    }
    for (const { job, reason, clients } of outcome.ended) {
      this.ledger.ended(job, reason, ids(clients));
      for (const id of ids(clients)) this.#send(id, "final", job.handle, reason);
      if (job.stored !== "no") this.store[reason === "dead" ? "bury" : "remove"](job.handle);
    }
    if (!last) return [];
    this.ledger.sweep(this.server);
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  #wake(id: number): void {
    this.ledger.woken(id);
    this.#send(id, "noop", "", "woken");
  }
}

const ids = (clients: Iterable<Client>): number[] => [...clients].map(({ peer }) => peer.id);
