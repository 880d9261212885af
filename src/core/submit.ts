/** Submitting, and the commits of a store that decide over background jobs. */
import type { FunctionQueue } from "./function-queue.ts";
import { type CommitFailure, Job, type Ticket } from "./job.ts";
import { keyOfDigest, keyOfUnique } from "./job-table.ts";
import { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { abandonIfUnwanted, attach, enqueue, high, remove } from "./queueing.ts";
import type { State } from "./state.ts";
import type { JobSpec, Priority, Refusal } from "./types.ts";

/** What became of a submit. */
export type Submitted =
  /** Send ERROR. */
  | { readonly kind: "refused"; readonly reason: Refusal }
  /** Send JOB_CREATED. */
  | { readonly kind: "created"; readonly job: Job; readonly outcome: Outcome }
  /** Answer when the ticket is settled; if `store`, the store is to be asked to keep the job. */
  | { readonly kind: "waiting"; readonly ticket: Ticket; readonly store: boolean };

export function submit(state: State, spec: JobSpec, peer: Peer): Submitted {
  if (state.draining) return refuse(state, "draining");
  const key = coalescingKey(state, spec);
  const known = key === undefined ? undefined : state.functions.get(spec.function)?.byKey.get(key);
  if (known !== undefined) return join(state, known, spec.background, peer);
  if (serverFull(state, spec.workload.length)) return refuse(state, "server full");
  const queue = state.functions.open(spec.function);
  if (queue === undefined) return refuse(state, "too many functions");
  if (functionFull(queue, spec.priority)) return refuse(state, "function full");
  const number = state.options.nextNumber();
  if (number === undefined) {
    state.functions.release(queue);
    return refuse(state, "server full");
  }
  return create(state, new Job(number, queue, spec, key), spec.background, peer);
}

function refuse(state: State, reason: Refusal): Submitted {
  state.counters.refused++;
  return { kind: "refused", reason };
}

/** Under what a job coalesces with others of its function; undefined: with nothing. */
export function coalescingKey(state: State, spec: Omit<JobSpec, "background">): string | undefined {
  if (spec.unique === "") return undefined;
  if (spec.unique !== "-") return keyOfUnique(spec.unique);
  if (spec.workload.length === 0) return undefined;
  return keyOfDigest(state.options.digest(spec.workload));
}

/** As gearmand: all jobs of the function count against the limit of the submitted priority. */
function functionFull(queue: FunctionQueue, priority: Priority): boolean {
  const limit = queue.limits[priority];
  return limit > 0 && queue.total >= limit;
}

/** A workload that would not fit is refused alone: the others are only if the queue is high. */
function serverFull(state: State, size: number): boolean {
  if (state.full) return true;
  const { maxJobs, maxJobBytes } = state.options.limits;
  const over = state.jobs.size >= maxJobs || state.jobs.bytes + size > maxJobBytes;
  state.full = over && high(state);
  return over;
}

function create(state: State, job: Job, background: boolean, peer: Peer): Submitted {
  state.jobs.add(job);
  job.queue.total++;
  state.counters.submitted++;
  if (background) {
    state.counters.submittedBackground++;
    job.stored = "pending";
    return wait(job, true, peer, true);
  }
  attach(state, job, peer);
  const outcome = new Outcome();
  enqueue(state, job, outcome);
  return { kind: "created", job, outcome };
}

/** The job is there already: the first workload and priority stay. */
function join(state: State, job: Job, background: boolean, peer: Peer): Submitted {
  // One peer may join one job again and again, and be sent its result as often.
  if (!background && state.waits >= state.options.limits.maxWaits) return refuse(state, "server full");
  state.counters.coalesced++;
  if (background) return joinInBackground(job, peer);
  attach(state, job, peer);
  // Whoever joins a job that is not committed waits for that commit; if it fails, the job lives on as theirs.
  if (job.state === "storing") return wait(job, false, peer, false);
  return { kind: "created", job, outcome: new Outcome() };
}

/** A background submit makes a background job of a foreground one: it is acknowledged once the store has it. */
function joinInBackground(job: Job, peer: Peer): Submitted {
  if (job.stored === "yes") return { kind: "created", job, outcome: new Outcome() };
  const store = job.stored === "no";
  job.stored = "pending";
  return wait(job, true, peer, store);
}

function wait(job: Job, background: boolean, peer: Peer, store: boolean): Submitted {
  const ticket: Ticket = { peer, background, job, place: undefined, state: "waiting" };
  if (job.tickets.length === 0) job.tickets = [ticket];
  else job.tickets.push(ticket);
  return { kind: "waiting", ticket, store };
}

/** The store has the job: it is acknowledged, and runs if it was waiting for that. */
export function commitSucceeded(state: State, job: Job): Outcome {
  const outcome = new Outcome();
  outcome.settle(job);
  job.stored = "yes";
  if (job.state !== "gone") state.background++;
  if (job.state === "storing") enqueue(state, job, outcome);
  return outcome;
}

/** The store has not got the job: background submits are refused; it lives on if foreground clients wait for it. */
export function commitFailed(state: State, job: Job, failure: CommitFailure): Outcome {
  const outcome = new Outcome();
  state.counters.commitsFailed++;
  outcome.settle(job, failure);
  job.stored = "no";
  if (job.state === "storing") {
    if (job.clients.size > 0) enqueue(state, job, outcome);
    else remove(state, job);
  } else abandonIfUnwanted(state, job, outcome);
  return outcome;
}
