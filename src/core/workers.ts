/** What workers do but for results: offer functions, grab, sleep. */
import type { FunctionQueue } from "./function-queue.ts";
import type { Job } from "./job.ts";
import { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { couldTake, offer, requeue, take } from "./queueing.ts";
import type { State } from "./state.ts";
import { rank } from "./turns.ts";
import type { ByteString, GrabKind } from "./types.ts";

/** A job, or what the grab gets instead. */
export type Grabbed = Job | "none" | "held";

/** The least time a job may run, milliseconds: as gearmand, which raises 1 to 999. */
const TIMEOUT_FLOOR = 1000;

/** PROTOCOL: CAN_DO, CAN_DO_TIMEOUT. Undefined: there are too many functions, on the server, on this connection or on all together. */
export function canDo(state: State, peer: Peer, name: ByteString, timeout: number): Outcome | undefined {
  const known = state.functions.get(name);
  const isNew = known === undefined || peer.abilityOf(known) === undefined;
  if (isNew && tooManyAbilities(state, peer)) return undefined;
  const fn = state.functions.open(name);
  if (fn === undefined) return undefined;
  if (isNew) state.abilities++;
  const ability = peer.addAbility(fn, timeout > 0 ? Math.max(timeout, TIMEOUT_FLOOR) : 0);
  fn.workers.add(peer);
  state.ready.introduce(fn);
  rank(peer, ability);
  const outcome = new Outcome();
  if (state.waker.learn(peer, fn)) offer(state, fn, outcome);
  return outcome;
}

function tooManyAbilities(state: State, peer: Peer): boolean {
  const { maxAbilities, maxAbilitiesInAll } = state.options.limits;
  return peer.abilities.size >= maxAbilities || state.abilities >= maxAbilitiesInAll;
}

/** PROTOCOL: CANT_DO. Its jobs of that function go back to the queue, as in gearmand. */
export function cantDo(state: State, peer: Peer, name: ByteString): Outcome {
  const outcome = new Outcome();
  const fn = state.functions.get(name);
  if (fn !== undefined && peer.abilityOf(fn) !== undefined) forgo(state, peer, fn, jobsOf(fn, peer), outcome);
  return outcome;
}

/** The jobs of that function that a worker runs, last grabbed first. It may run very many of others. */
function jobsOf(fn: FunctionQueue, peer: Peer): Job[] {
  const jobs: Job[] = [];
  for (let job = peer.running.last; job !== undefined && jobs.length < fn.running; job = job.previous)
    if (job.queue === fn) jobs.push(job);
  return jobs;
}

/** PROTOCOL: RESET_ABILITIES */
export function resetAbilities(state: State, peer: Peer): Outcome {
  const outcome = new Outcome();
  const jobs = runBy(peer);
  for (const { function: fn } of peer.abilities) forgo(state, peer, fn, jobs.get(fn), outcome);
  return outcome;
}

/** The jobs that a worker runs, last grabbed first, by function. */
function runBy(peer: Peer): Map<FunctionQueue, Job[]> {
  const jobs = new Map<FunctionQueue, Job[]>();
  for (const job of [...peer.running].reverse()) {
    const others = jobs.get(job.queue);
    if (others === undefined) jobs.set(job.queue, [job]);
    else others.push(job);
  }
  return jobs;
}

/** The worker, which does that function, no longer does it, and runs none of these any more. */
export function forgo(
  state: State,
  peer: Peer,
  fn: FunctionQueue,
  jobs: readonly Job[] | undefined,
  outcome: Outcome,
): void {
  fn.woken.delete(peer);
  peer.removeAbility(fn);
  state.abilities--;
  fn.workers.delete(peer);
  // A job that was withheld from the last worker left (it had timed out there) is his now.
  state.ready.announce(fn);
  for (const job of jobs ?? []) requeue(state, job, outcome);
  offer(state, fn, outcome);
  state.functions.release(fn);
}

/**
 * PROTOCOL: GRAB_JOB, GRAB_JOB_UNIQ, GRAB_JOB_ALL
 *
 * @param busy the grab directly follows the end of a job on this connection: only then may it be held
 */
export function grab(state: State, peer: Peer, kind: GrabKind, busy: boolean): Grabbed {
  const wasWoken = state.waker.rise(peer);
  if (state.draining) return "none";
  const job = take(state, peer);
  if (job !== undefined) {
    if (wasWoken) peer.fruitlessHolds = 0;
    return job;
  }
  if (!busy || !state.heldGrabs.mayHold(peer)) return "none";
  state.counters.held++;
  state.heldGrabs.hold(peer, kind, state.now);
  return "held";
}

/** PROTOCOL: PRE_SLEEP. Whether a job is there for it: send NOOP; otherwise it sleeps until woken. */
export function preSleep(state: State, peer: Peer): boolean {
  state.waker.rise(peer);
  if (!state.draining && couldTake(state, peer)) {
    state.counters.woken++;
    return true;
  }
  state.waker.fallAsleep(peer);
  return false;
}
