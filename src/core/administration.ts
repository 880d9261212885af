/** What the text protocol's administrator does to jobs and functions. */
import type { FunctionQueue } from "./function-queue.ts";
import type { Job } from "./job.ts";
import { Outcome } from "./outcome.ts";
import { end, releaseClients } from "./queueing.ts";
import type { State } from "./state.ts";
import { type ByteString, PRIORITIES } from "./types.ts";

/** Undefined: there is no such job. */
export function cancel(state: State, handle: string): Outcome | undefined {
  const job = state.jobs.byHandle(handle);
  if (job === undefined || job.cancelled) return undefined;
  const outcome = new Outcome();
  if (job.state === "running") cancelRunning(state, job, outcome);
  else end(state, job, "cancelled", outcome);
  return outcome;
}

/** Its clients are told now; what its worker still sends is for nobody, and its unique is free for a new job. */
function cancelRunning(state: State, job: Job, outcome: Outcome): void {
  state.counters.cancelled++;
  outcome.settle(job);
  outcome.end(job, "cancelled", job.clients);
  releaseClients(state, job);
  job.cancelled = true;
  state.jobs.freeKey(job);
}

/** False: there are too many functions. */
export function createFunction(state: State, name: ByteString): boolean {
  const fn = state.functions.open(name);
  if (fn === undefined) return false;
  fn.byHand = true;
  return true;
}

/** Drops every function of that name, whatever its case, as gearmand does; its waiting jobs are cancelled. */
export function dropFunction(state: State, name: ByteString): { dropped: number; busy: number; outcome: Outcome } {
  const outcome = new Outcome();
  const found = functionsCalled(state, name);
  const free = found.filter((fn) => fn.workers.size === 0 && fn.running === 0);
  for (const fn of free) drop(state, fn, outcome);
  return { dropped: free.length, busy: found.length - free.length, outcome };
}

function functionsCalled(state: State, name: ByteString): FunctionQueue[] {
  const found: FunctionQueue[] = [];
  for (const fn of state.functions.values()) if (sameButForCase(fn.name, name)) found.push(fn);
  return found;
}

/** As gearmand's strcasecmp. There may be very many names to compare with: most differ in their length or early. */
function sameButForCase(one: ByteString, other: ByteString): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++)
    if (lowerCase(one.charCodeAt(at)) !== lowerCase(other.charCodeAt(at))) return false;
  return true;
}

/** Of ASCII letters alone: other bytes are not characters here. */
const lowerCase = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);

function drop(state: State, fn: FunctionQueue, outcome: Outcome): void {
  for (const job of waitingJobs(state, fn)) end(state, job, "cancelled", outcome);
  state.functions.remove(fn);
}

/** Of a function of which none runs. Only those that are delayed, or not stored yet, are looked for among all jobs. */
function waitingJobs(state: State, fn: FunctionQueue): Job[] {
  const jobs = fn.runnableJobs();
  if (jobs.length === fn.total) return jobs;
  const all: Job[] = [];
  for (const job of state.jobs.values()) if (job.queue === fn) all.push(job);
  return all;
}

/** Sets how many jobs a function may have: one limit for all priorities, or one for each; 0 or less: no limit. Unknown functions are passed over. */
export function setMaxQueue(state: State, name: ByteString, limits: readonly number[]): void {
  const fn = state.functions.get(name);
  if (fn === undefined) return;
  for (const priority of PRIORITIES)
    fn.limits[priority] = Math.max(0, (limits.length === 1 ? limits[0] : limits[priority]) ?? 0);
  state.functions.reconsider(fn);
}
