import type { CoreCounters } from "../../src/core/counters.ts";
import type { Job } from "../../src/core/job.ts";
import { JobServer } from "../../src/core/job-server.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/core/limits.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Peer } from "../../src/core/peer.ts";
import type { Finish } from "../../src/core/results.ts";
import type { CoreOptions } from "../../src/core/state.ts";
import type { Submitted } from "../../src/core/submit.ts";
import { type JobSpec, Priority } from "../../src/core/types.ts";
import { FakeClock } from "./core-clock.ts";

/** A submit for function `f` with all its fields, of which a test names those that matter. */
export function aSpec(changes: Partial<JobSpec> = {}): JobSpec {
  const rest = { function: "f", unique: "", reducer: "", epoch: 0 };
  return { ...rest, workload: LOAD, priority: Priority.normal, background: false, ...changes };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const LOAD = bytes("load");

/** Options of a server whose handles are 1, 2, 3... */
export function coreOptions(changes: Partial<CoreOptions> = {}): CoreOptions {
  let handles = 0;
  return {
    clock: new FakeClock(),
    digest: (workload) => String(workload),
    nextNumber: () => ++handles,
    handlePrefix: "",
    jobRetries: -1,
    workerWakeup: undefined,
    limits: limitsOf({}),
    ...changes,
  };
}

export const limitsOf = (changes: Partial<Limits>): Limits => ({
  ...DEFAULT_LIMITS,
  maxJobs: 10_000_000,
  maxWaits: 10_000_000,
  maxJobBytes: 4 * 1024 ** 3,
  maxFunctions: 100_000,
  maxAbilitiesInAll: 1_000_000,
  ...changes,
});

export type Told = { readonly [part in keyof Outcome]?: readonly (string | number)[] };

/** An outcome in short, so that tests can compare it: peers by id, jobs by handle, empty lists left out. */
export function told(outcome: Outcome): Told {
  const all = {
    settled: outcome.settled.map(({ peer, state, job }) => `${peer.id} ${state} ${job.handle}`),
    assigned: outcome.assigned.map(({ peer, kind, job }) => `${peer.id} ${kind} ${job.handle}`),
    woken: outcome.woken.map((peer) => peer.id),
    released: outcome.released.map((peer) => peer.id),
    ended: outcome.ended.map(
      ({ job, reason, clients }) => `${job.handle} ${reason} [${[...clients].map(({ peer }) => peer.id)}]`,
    ),
    requeued: outcome.requeued.map((job) => job.handle),
  };
  return Object.fromEntries(Object.entries(all).filter(([, list]) => list.length > 0));
}

/** A submit's answer in short. */
export function answer(submitted: Submitted): unknown {
  if (submitted.kind === "refused") return submitted.reason;
  if (submitted.kind === "created") return { created: submitted.job.handle, ...told(submitted.outcome) };
  return { waiting: submitted.ticket.job.handle, ...(submitted.store ? { store: true } : {}) };
}

/** A job server with a clock that stands still, and short ways to say what tests say often. */
export class Core {
  readonly clock: FakeClock = new FakeClock();
  readonly server: JobServer;

  constructor(changes: Partial<CoreOptions> = {}) {
    this.server = new JobServer(coreOptions({ clock: this.clock, ...changes }));
  }

  peer(): Peer {
    return this.server.connect(false);
  }

  /** A worker of these functions that is awake. */
  worker(...names: string[]): Peer {
    const peer = this.peer();
    for (const name of names) this.server.canDo(peer, name, 0);
    return peer;
  }

  /** A worker of these functions that sleeps. */
  sleeper(...names: string[]): Peer {
    const peer = this.worker(...names);
    this.server.preSleep(peer);
    return peer;
  }

  /** A worker of `f` whose jobs may run that many milliseconds. */
  timedWorker(timeout: number): Peer {
    const peer = this.peer();
    this.server.canDo(peer, "f", timeout);
    return peer;
  }

  submit(changes: Partial<JobSpec>, peer: Peer = this.peer()): unknown {
    return answer(this.server.submit(aSpec(changes), peer));
  }

  /** A foreground job; the client is new unless it is given. */
  foreground(changes: Partial<JobSpec> = {}, peer: Peer = this.peer()): Job {
    return jobOf(this.server.submit(aSpec(changes), peer));
  }

  /** A background job whose commit is still out. */
  pending(changes: Partial<JobSpec> = {}, peer: Peer = this.peer()): Job {
    return jobOf(this.server.submit(aSpec({ background: true, ...changes }), peer));
  }

  /** A background job that is stored. */
  background(changes: Partial<JobSpec> = {}, peer: Peer = this.peer()): Job {
    const job = this.pending(changes, peer);
    this.server.commitSucceeded(job);
    return job;
  }

  /** Handle of the job grabbed, or what came instead. */
  grab(peer: Peer, busy = false): string {
    const grabbed = this.server.grab(peer, "plain", busy);
    return typeof grabbed === "string" ? grabbed : grabbed.handle;
  }

  /** Whom the result goes to, and the rest. Undefined: the worker does not run that job. */
  finish(peer: Peer, handle: string, how: Finish = "completed"): unknown {
    const finished = this.server.finish(peer, handle, how);
    if (finished.job === undefined) return { unknown: true, ...told(finished.outcome) };
    return { clients: [...finished.clients].map(({ peer }) => peer.id), ...told(finished.outcome) };
  }

  tick(): Told {
    return told(this.server.tick());
  }

  /** Time passes, and what is due is done. */
  pass(ms: number): Told {
    this.clock.advance(ms);
    return this.tick();
  }

  /** Counters that are not zero. */
  counted(): Partial<CoreCounters> {
    return Object.fromEntries(Object.entries(this.server.counters).filter(([, count]) => count > 0));
  }
}

function jobOf(submitted: Submitted): Job {
  if (submitted.kind === "refused") throw new Error(`refused: ${submitted.reason}`);
  return submitted.kind === "created" ? submitted.job : submitted.ticket.job;
}
