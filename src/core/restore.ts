import { Job, type JobRecord } from "./job.ts";
import { Outcome } from "./outcome.ts";
import { enqueue } from "./queueing.ts";
import type { State } from "./state.ts";
import { coalescingKey } from "./submit.ts";

/** A job that was acknowledged before this start: it is taken in whatever the limits are now. */
export function restore(state: State, record: JobRecord): void {
  const key = coalescingKey(state, record);
  const queue = state.functions.openAnyway(record.function);
  const free = key !== undefined && !queue.byKey.has(key);
  const job = new Job(state.jobs.idOf(record.handle), queue, record, free ? key : undefined);
  job.retries = record.retries;
  job.row = record.row;
  job.stored = "yes";
  state.background++;
  state.jobs.add(job);
  job.queue.total++;
  enqueue(state, job, new Outcome());
}
