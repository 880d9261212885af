import { CORE_COUNTERS, type CoreCounters, zeroCounters } from "../../src/core/counters.ts";
import type { Job, Ticket } from "../../src/core/job.ts";
import type { JobServer } from "../../src/core/job-server.ts";
import type { Ending, Outcome } from "../../src/core/outcome.ts";
import type { Finish } from "../../src/core/results.ts";
import type { Submitted } from "../../src/core/submit.ts";
import { asBuffer } from "../../src/lib/bytes.ts";
import type { FakeStore } from "./fake-store.ts";

/** A promise was broken. */
export function must(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken: ${promise}`);
}

/** What was promised, to whom, and what became of it, as seen from outside. Throws as soon as a promise is broken. */
export class Ledger {
  /** Background jobs that were acknowledged and have not ended. */
  readonly acknowledged: Set<string> = new Set();
  /** How many were acknowledged in all. */
  acknowledgements = 0;
  /** How each job ended. */
  readonly endings: Map<string, Finish | Ending["reason"] | "refused"> = new Map();
  /** Who runs it. */
  readonly owners: Map<string, number> = new Map();
  /** Submits without an answer. */
  readonly open: Set<Ticket> = new Set();
  readonly asleep: Set<number> = new Set();
  readonly wokenPeers: Set<number> = new Set();
  readonly holding: Set<number> = new Set();
  readonly counts: CoreCounters = zeroCounters(CORE_COUNTERS);
  /** Background jobs that no store kept and no client wanted. */
  unkept = 0;
  /** Jobs that this start took in. */
  restoredJobs = 0;
  /** Foreground clients that were told JOB_CREATED and wait, by job; one that submitted twice is there twice. */
  readonly #waiting: Map<string, number[]> = new Map();
  readonly #known: Map<string, Job> = new Map();
  readonly #gone: Set<number> = new Set();
  /** Jobs that wait for their turn and were never given back, and since which operation. */
  readonly #queued: Map<string, { readonly job: Job; readonly since: number }> = new Map();
  readonly #delayed: Set<Job> = new Set();
  /** When the store was asked to keep a job: its place in line after a restart. */
  readonly #putAt: Map<string, number> = new Map();
  /** Background jobs that were acknowledged in this operation. */
  readonly #justAcknowledged: Set<string> = new Set();
  #operation = 0;
  readonly #store: FakeStore;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  /** Jobs for which foreground clients wait. */
  get awaited(): IterableIterator<string> {
    return this.#waiting.keys();
  }

  submitted(peer: number, background: boolean, submitted: Submitted): void {
    if (submitted.kind === "refused") {
      this.counts.refused++;
      return;
    }
    const { job } = submitted.kind === "created" ? submitted : submitted.ticket;
    this.#note(job, background);
    if (submitted.kind === "waiting" && submitted.store) this.#putAt.set(job.handle, this.#operation);
    if (submitted.kind === "waiting") this.open.add(submitted.ticket);
    else this.#created(peer, job, background);
    this.enqueued(job);
  }

  /** The job may run from now on, or from its epoch on. */
  enqueued(job: Job, since: number = this.#operation): void {
    const { handle, state, retries } = job;
    if (state === "delayed") this.#delayed.add(job);
    else this.#delayed.delete(job);
    if (state === "queued" && retries === 0 && !this.#queued.has(handle)) this.#queued.set(handle, { job, since });
  }

  /** Time has passed. */
  ticked(): void {
    for (const job of this.#delayed) this.enqueued(job);
  }

  settled(ticket: Ticket): void {
    must(this.open.delete(ticket), `a submit of ${ticket.job.handle} is answered once`);
    must(ticket.state !== "waiting", "a submit that is answered is accepted or refused");
    if (ticket.state === "acknowledged") this.#created(ticket.peer.id, ticket.job, ticket.background);
    else must(ticket.background, "a foreground submit is not refused for a failed commit");
  }

  commitFailed(job: Job, outcome: Outcome): void {
    this.counts.commitsFailed++;
    if (job.state !== "gone" || this.endings.has(job.handle) || outcome.ended.length > 0) return;
    this.endings.set(job.handle, "refused");
    this.unkept++;
  }

  grabbed(peer: number): void {
    this.asleep.delete(peer);
    this.wokenPeers.delete(peer);
  }

  woken(peer: number): void {
    must(this.asleep.has(peer), `connection ${peer} sleeps when it is woken`);
    must(!this.wokenPeers.has(peer), `connection ${peer} is woken once until it answers`);
    this.wokenPeers.add(peer);
  }

  held(peer: number): void {
    this.counts.held++;
    this.holding.add(peer);
  }

  released(peer: number): void {
    must(this.holding.delete(peer), `the grab of connection ${peer} is held when it is released`);
  }

  fulfilled(peer: number): void {
    must(this.holding.delete(peer), `a job is assigned only as the answer to a grab, at connection ${peer}`);
    this.counts.heldFruitful++;
  }

  assigned(peer: number, job: Job): void {
    const { handle } = job;
    must(!this.holding.has(peer), "a grab is answered once");
    must(!this.endings.has(handle), `${handle} has not ended when it is assigned`);
    must(!this.owners.has(handle), `${handle} has one owner`);
    must(job.stored !== "no" || this.#waiting.has(handle), `${handle} is wanted when it is assigned`);
    if (job.retries === 0) this.#mustBeFirst(job);
    this.owners.set(handle, peer);
    this.counts.assigned++;
  }

  requeued(handle: string): void {
    must(this.owners.delete(handle), `${handle} runs when it is requeued`);
    this.counts.requeued++;
  }

  finished(peer: number, handle: string, how: Finish, clients: readonly number[]): void {
    must(this.owners.get(handle) === peer, `${handle} is finished by its owner`);
    this.owners.delete(handle);
    if (this.endings.get(handle) === "cancelled")
      return must(clients.length === 0, "a cancelled job tells its clients once");
    this.#end(handle, how, clients);
  }

  notFinished(peer: number, handle: string): void {
    must(this.owners.get(handle) !== peer, `the owner of ${handle} may finish it`);
  }

  ended({ handle }: Job, reason: Ending["reason"], clients: readonly number[]): void {
    if (reason === "dead") must(this.owners.delete(handle), `${handle} ran before it died`);
    if (reason === "abandoned") must(!this.acknowledged.has(handle), `${handle}, acknowledged, is not abandoned`);
    this.#end(handle, reason, clients);
  }

  left(peer: number): void {
    this.#gone.add(peer);
    this.grabbed(peer);
    this.holding.delete(peer);
    for (const [handle, peers] of this.#waiting)
      this.#setWaiting(
        handle,
        peers.filter((other) => other !== peer),
      );
  }

  /** The server was killed and has started again, with these jobs, in this order. All connections are gone. */
  crashed(restored: readonly Job[]): void {
    const forgets = [this.owners, this.open, this.asleep, this.wokenPeers, this.holding, this.#waiting, this.#queued];
    for (const forgotten of [...forgets, this.#delayed, this.#justAcknowledged]) forgotten.clear();
    Object.assign(this.counts, zeroCounters(CORE_COUNTERS));
    this.unkept = 0;
    this.restoredJobs = restored.length;
    const handles = new Set(restored.map(({ handle }) => handle));
    for (const handle of this.acknowledged) must(handles.has(handle), `${handle}, acknowledged, is not lost`);
    for (const job of restored) this.#restored(job);
    this.#operation++;
  }

  #restored(job: Job): void {
    const { handle } = job;
    const known = this.#known.get(handle);
    must(known !== undefined && sameJob(known, job), `${handle} is as it was`);
    must(!this.#store.forgotten.has(handle), `${handle}, whose end is stored, is not there again`);
    this.#known.set(handle, job);
    this.endings.delete(handle);
    this.acknowledged.add(handle);
    this.enqueued(job, this.#putAt.get(handle));
  }

  /** The operation is over. Running jobs that nobody wants end with their worker, and nobody is told. */
  sweep(server: JobServer): void {
    this.#checkAcknowledged();
    this.#operation++;
    for (const [handle, peer] of this.owners) {
      const job = server.jobByHandle(handle);
      if (job?.worker?.id === peer) continue;
      must(job === undefined, `${handle} runs where it was assigned`);
      this.owners.delete(handle);
      if (!this.endings.has(handle)) this.#end(handle, "abandoned", []);
    }
  }

  #note(job: Job, background: boolean): void {
    const known = this.#known.get(job.handle);
    if (known === job) {
      this.counts.coalesced++;
      return;
    }
    must(known === undefined, `${job.handle} names one job for ever`);
    this.#known.set(job.handle, job);
    this.counts.submitted++;
    if (background) this.counts.submittedBackground++;
  }

  /** JOB_CREATED is sent. */
  #created(peer: number, { handle }: Job, background: boolean): void {
    if (background) this.#justAcknowledged.add(handle);
    if (background) this.acknowledgements++;
    if (background && !this.endings.has(handle)) this.acknowledged.add(handle);
    if (!background && !this.#gone.has(peer)) this.#setWaiting(handle, [...(this.#waiting.get(handle) ?? []), peer]);
  }

  /** Never acknowledge what is not stored, unless it has ended well or by an administrator's word. */
  #checkAcknowledged(): void {
    for (const handle of this.#justAcknowledged) {
      const how = this.endings.get(handle);
      const ended = how !== undefined && how !== "dead" && how !== "abandoned" && how !== "refused";
      must(ended || this.#store.state(handle) !== undefined, `${handle} is stored when it is acknowledged`);
    }
    this.#justAcknowledged.clear();
  }

  /** FIFO by function and priority, of jobs that were never given back. */
  #mustBeFirst(job: Job): void {
    const since = this.#queued.get(job.handle)?.since ?? this.#operation;
    for (const { job: other, since: otherSince } of this.#queued.values()) {
      const before = otherSince < since && other.queue === job.queue && other.priority === job.priority;
      must(!before || other.retries > 0, `${job.handle} does not overtake ${other.handle}`);
    }
    this.#queued.delete(job.handle);
  }

  #end(handle: string, how: Finish | Ending["reason"], clients: readonly number[]): void {
    must(!this.endings.has(handle), `${handle} ends once`);
    must(how !== "abandoned" || !this.acknowledged.has(handle), `${handle}, acknowledged, is not dropped`);
    const waiting = this.#waiting.get(handle) ?? [];
    must(String(clients) === String(waiting), `the end of ${handle} is told to [${waiting}], not to [${clients}]`);
    this.endings.set(handle, how);
    this.counts[how]++;
    this.#waiting.delete(handle);
    this.acknowledged.delete(handle);
    this.#queued.delete(handle);
  }

  #setWaiting(handle: string, peers: number[]): void {
    if (peers.length > 0) this.#waiting.set(handle, peers);
    else this.#waiting.delete(handle);
  }
}

function sameJob(a: Job, b: Job): boolean {
  const names = ["function", "unique", "reducer", "priority", "epoch"] as const;
  return names.every((name) => a[name] === b[name]) && asBuffer(a.workload).equals(asBuffer(b.workload));
}
