/** What time does: everything that is due is done in one place, and one timer of the server serves it all. */
import type { Job } from "./job.ts";
import { Outcome } from "./outcome.ts";
import { makeRunnable, requeue } from "./queueing.ts";
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

function timeOut(state: State, now: number, outcome: Outcome): void {
  for (let job = state.timeouts.takeDue(now); job !== undefined; job = state.timeouts.takeDue(now)) {
    state.counters.timedOut++;
    requeueTimedOut(state, job, outcome);
  }
}

/** Goes back to the queue, as in gearmand, but rather to another worker: this one may yet send its late result. */
function requeueTimedOut(state: State, job: Job, outcome: Outcome): void {
  job.shunned = job.worker;
  requeue(state, job, outcome);
}

function wakeMore(state: State, now: number, outcome: Outcome): void {
  if (state.draining) return;
  const before = outcome.woken.length;
  state.waker.tick(now, outcome);
  state.counters.woken += outcome.woken.length - before;
}
