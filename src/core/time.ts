/** What time does: everything that is due is done in one place, and one timer of the server serves it all. */
import type { FunctionQueue } from "./function-queue.ts";
import { Outcome } from "./outcome.ts";
import { makeRunnable, offer, putBack } from "./queueing.ts";
import type { State } from "./state.ts";

/** Wall time may be set: it is looked at this often while a job waits for it, milliseconds. */
const WALL_CHECK = 1000;

export function tick(state: State): Outcome {
  const outcome = new Outcome();
  const { now } = state;
  state.heldGrabs.tick(now, outcome);
  runDelayed(state, outcome);
  timeOut(state, now, outcome);
  wakeMore(state, now, outcome);
  return outcome;
}

/** Milliseconds until tick has something to do; Infinity: nothing. */
export function untilTick(state: State): number {
  const { now } = state;
  const soonest = Math.min(
    state.heldGrabs.next,
    state.timeouts.next,
    state.draining ? Number.POSITIVE_INFINITY : state.waker.next,
  );
  const untilEpoch = Math.min(
    state.epochs.next - state.options.clock.wall(),
    state.epochs.size > 0 ? WALL_CHECK : Number.POSITIVE_INFINITY,
  );
  return Math.max(0, Math.min(soonest - now, untilEpoch));
}

function runDelayed(state: State, outcome: Outcome): void {
  const wall = state.options.clock.wall();
  for (let job = state.epochs.takeDue(wall); job !== undefined; job = state.epochs.takeDue(wall)) {
    job.queue.delayed--;
    makeRunnable(state, job, outcome);
  }
}

/** All go back to the queue before any is offered: each offer may look at all that were withheld before. */
function timeOut(state: State, now: number, outcome: Outcome): void {
  const queues = new Set<FunctionQueue>();
  for (let job = state.timeouts.takeDue(now); job !== undefined; job = state.timeouts.takeDue(now)) {
    state.counters.timedOut++;
    // As in gearmand, but rather to another worker: this one may yet send its late result.
    job.shunned = job.worker;
    if (putBack(state, job, outcome)) queues.add(job.queue);
  }
  for (const queue of queues) offer(state, queue, outcome);
}

function wakeMore(state: State, now: number, outcome: Outcome): void {
  if (state.draining) return;
  const before = outcome.woken.length;
  state.waker.tick(now, outcome);
  state.counters.woken += outcome.woken.length - before;
}
