/** How jobs enter and leave the queue: the moves that submitting, results, time and administration have in common. */
import type { FunctionQueue } from "./function-queue.ts";
import { Client, type Job, NO_CLIENTS } from "./job.ts";
import { List } from "./list.ts";
import type { Ending, Outcome } from "./outcome.ts";
import type { Ability, Peer } from "./peer.ts";
import type { State } from "./state.ts";
import { firstInTurn } from "./turns.ts";

/** The job may run from now on, or from its epoch on. FIFO counts from here. */
export function enqueue(state: State, job: Job, outcome: Outcome): void {
  const dueAt = job.epoch * 1000;
  if (dueAt > 0 && dueAt > state.options.clock.wall()) {
    job.state = "delayed";
    job.queue.delayed++;
    state.epochs.set(job, dueAt);
  } else makeRunnable(state, job, outcome);
}

/** Puts the job last in its queue, and offers it. */
export function makeRunnable(state: State, job: Job, outcome: Outcome): void {
  lineUp(state, job);
  offer(state, job.queue, outcome);
}

function lineUp(state: State, job: Job): void {
  job.state = "queued";
  job.runnableSince = Math.floor(state.now);
  state.ready.append(job);
}

/** Somebody may have a job of this queue that could not a moment ago: held grabs get what waits there, workers are woken for the rest. */
export function offer(state: State, fn: FunctionQueue, outcome: Outcome): void {
  if (state.draining) return;
  fulfilHeld(state, fn, outcome);
  const before = outcome.woken.length;
  state.waker.jobWaits(fn, state.now, outcome);
  state.counters.woken += outcome.woken.length - before;
}

function fulfilHeld(state: State, fn: FunctionQueue, outcome: Outcome): void {
  for (const [peer, kind] of state.heldGrabs) {
    if (fn.runnable === 0) return;
    const job = peer.abilityOf(fn) === undefined ? undefined : take(state, peer);
    if (job === undefined) continue;
    state.heldGrabs.fulfil(peer);
    state.counters.heldFruitful++;
    outcome.assign(peer, kind, job);
  }
}

/** The job this worker is to have next: by priority over all its functions, which take turns over all workers. As gearmand 2.0 (#431, #432), where each worker has turns of its own. */
export function take(state: State, peer: Peer): Job | undefined {
  const ability = firstInTurn(state.ready, peer);
  const job = ability?.function.jobFor(peer);
  return ability === undefined || job === undefined ? undefined : start(state, job, peer, ability);
}

/** Whether a grab by this worker would find a job: asks as {@link take} does. */
export function couldTake(state: State, peer: Peer): boolean {
  return firstInTurn(state.ready, peer) !== undefined;
}

function start(state: State, job: Job, peer: Peer, ability: Ability): Job {
  state.ready.serve(job);
  job.state = "running";
  job.worker = peer;
  job.shunned = undefined;
  job.queue.running++;
  state.running++;
  peer.running.append(job);
  if (ability.timeout > 0) state.timeouts.set(job, state.now + ability.timeout);
  state.counters.assigned++;
  return job;
}

/** Takes a job that is queued or delayed out of where it waits. */
function unqueue(state: State, job: Job): void {
  if (job.state === "queued") state.ready.remove(job);
  else if (job.state === "delayed") {
    state.epochs.remove(job);
    job.queue.delayed--;
  }
}

/** Its worker no longer runs it. */
export function stopRunning(state: State, job: Job): void {
  state.timeouts.remove(job);
  job.worker?.running.remove(job);
  job.worker = undefined;
  job.queue.running--;
  state.running--;
}

/** A running job whose worker is lost goes to the tail of its priority, unless nobody wants it or its retries are spent. */
export function requeue(state: State, job: Job, outcome: Outcome): void {
  if (putBack(state, job, outcome)) offer(state, job.queue, outcome);
}

/** The same, but it is not offered yet. Whether it is in its queue again. */
export function putBack(state: State, job: Job, outcome: Outcome): boolean {
  stopRunning(state, job);
  job.numerator = "0";
  job.denominator = "0";
  if (job.cancelled || job.abandoned) {
    if (!job.cancelled) state.counters.abandoned++;
    remove(state, job);
    return false;
  }
  job.retries++;
  if (retriesSpent(state, job)) {
    end(state, job, "dead", outcome);
    return false;
  }
  state.counters.requeued++;
  outcome.requeue(job);
  lineUp(state, job);
  return true;
}

/** As gearmand 2.0: 0 and 1 run a job once, n runs it n times. */
function retriesSpent(state: State, job: Job): boolean {
  const { jobRetries } = state.options;
  return jobRetries >= 0 && job.retries >= Math.max(1, jobRetries);
}

/** The job ends without a result; its clients are told that it failed. */
export function end(state: State, job: Job, reason: Ending["reason"], outcome: Outcome): void {
  state.counters[reason]++;
  const { clients } = job;
  // A dead job stays in the store: whoever waits for it to get there goes on waiting.
  if (reason !== "dead") outcome.settle(job);
  unqueue(state, job);
  remove(state, job);
  outcome.end(job, reason, clients);
}

/** Drops a job that waits for its turn, though nobody waits for it any more. */
export function abandonIfUnwanted(state: State, job: Job, outcome: Outcome): void {
  if (job.abandoned && (job.state === "queued" || job.state === "delayed")) end(state, job, "abandoned", outcome);
}

/** The peer waits for the job's result. */
export function attach(state: State, job: Job, peer: Peer): void {
  const client = new Client(peer, job);
  if (job.clients === NO_CLIENTS) job.clients = new List();
  job.clients.append(client);
  peer.awaited.append(client.awaited);
  state.waits++;
}

/** The peer waits no more, as that client. */
export function detach(state: State, client: Client): void {
  client.job.clients.remove(client);
  client.peer.awaited.remove(client.awaited);
  state.waits--;
}

/** Nobody waits any more. */
export function releaseClients(state: State, job: Job): void {
  const { clients } = job;
  for (let client = clients.first; client !== undefined; client = client.next)
    client.peer.awaited.remove(client.awaited);
  state.waits -= clients.size;
  job.clients = NO_CLIENTS;
}

/** The job is gone. */
export function remove(state: State, job: Job): void {
  job.state = "gone";
  if (job.stored === "yes") state.background--;
  releaseClients(state, job);
  state.jobs.remove(job);
  job.queue.total--;
  state.functions.release(job.queue);
  state.full &&= high(state);
}

/** More than 80% of what may be held: once full, the queue is until it is no longer high. */
export function high(state: State): boolean {
  const { maxJobs, maxJobBytes } = state.options.limits;
  return state.jobs.size > maxJobs * 0.8 || state.jobs.bytes > maxJobBytes * 0.8;
}
