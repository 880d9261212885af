/** What workers send of the jobs they run. */
import { type Client, type Job, NO_CLIENTS } from "./job.ts";
import type { List } from "./list.ts";
import { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { offer, remove, stopRunning } from "./queueing.ts";
import type { State } from "./state.ts";
import type { ByteString } from "./types.ts";

/** How a job ends by its worker's word. */
export type Finish = "completed" | "failed" | "exceptions";

/** What became of a worker's word that a job has ended. */
export interface Finished {
  /** Undefined: the worker does not run that job (any more). */
  readonly job: Job | undefined;
  /** Whom to send the result. */
  readonly clients: List<Client>;
  readonly outcome: Outcome;
}

/** The job of that handle, if this worker runs it. PROTOCOL: WORK_DATA, WORK_WARNING */
export function jobOf(state: State, peer: Peer, handle: string): Job | undefined {
  const job = state.jobs.byHandle(handle);
  return job?.worker === peer ? job : undefined;
}

/** PROTOCOL: WORK_STATUS. The numbers are kept as sent. */
export function progress(
  state: State,
  peer: Peer,
  handle: string,
  numerator: ByteString,
  denominator: ByteString,
): Job | undefined {
  const job = jobOf(state, peer, handle);
  if (job === undefined) return undefined;
  job.numerator = numerator;
  job.denominator = denominator;
  return job;
}

/** PROTOCOL: WORK_COMPLETE, WORK_FAIL, WORK_EXCEPTION */
export function finish(state: State, peer: Peer, handle: string, how: Finish): Finished {
  const job = jobOf(state, peer, handle);
  if (job === undefined) return { job, clients: NO_CLIENTS, outcome: lateResult(state, peer, handle) };
  const { clients } = job;
  const outcome = new Outcome();
  // Submits that wait for its commit: it has been kept for as long as there was need.
  outcome.settle(job);
  stopRunning(state, job);
  remove(state, job);
  if (!job.cancelled) state.counters[how]++;
  return { job, clients, outcome };
}

/** The first run of a timed-out job is over: from now on its worker may have it again. */
function lateResult(state: State, peer: Peer, handle: string): Outcome {
  const outcome = new Outcome();
  const job = state.jobs.byHandle(handle);
  if (job?.shunned !== peer) return outcome;
  job.shunned = undefined;
  state.ready.announce(job.queue);
  offer(state, job.queue, outcome);
  return outcome;
}
