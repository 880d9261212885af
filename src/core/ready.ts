import type { FunctionQueue } from "./function-queue.ts";
import type { Job } from "./job.ts";
import { List } from "./list.ts";
import { Priority } from "./types.ts";

/**
 * The functions that have jobs to run, in the order of what is new there: jobs of a priority of which there were none, or a job that was
 * withheld and no longer is. That is told once to all, and each worker reads what is new to it when it asks for a job ({@link firstInTurn}).
 */
export class Ready {
  readonly #jobs: Record<Priority, number> = { [Priority.high]: 0, [Priority.normal]: 0, [Priority.low]: 0 };
  readonly #functions: List<FunctionQueue> = new List();
  #latest = 0;

  /** How many jobs a grab could have now: with none, it need not look. */
  get jobs(): number {
    return this.#jobs[0] + this.#jobs[1] + this.#jobs[2];
  }

  /** No job has a higher priority. */
  get highest(): Priority {
    if (this.#jobs[Priority.high] > 0) return Priority.high;
    return this.#jobs[Priority.normal] > 0 ? Priority.normal : Priority.low;
  }

  /** Puts the job last in its queue. */
  append(job: Job): void {
    this.#jobs[job.priority]++;
    if (job.queue.append(job)) this.announce(job.queue);
  }

  /** Takes it out of its queue. */
  remove(job: Job): void {
    this.#jobs[job.priority]--;
    job.queue.remove(job);
    if (job.queue.runnable === 0) this.#withdraw(job.queue);
  }

  /** The number of the last news. */
  get latest(): number {
    return this.#latest;
  }

  /** The function with the last news; those before it are its `previous`. */
  get last(): FunctionQueue | undefined {
    return this.#functions.last;
  }

  /** How many functions may have news that are later than this. */
  since(news: number): number {
    return Math.min(this.#latest - news, this.#functions.size);
  }

  /** A worker may find a job there that it would not have found a moment ago. */
  announce(fn: FunctionQueue): void {
    if (fn.runnable === 0) return;
    this.#withdraw(fn);
    fn.news = ++this.#latest;
    this.#functions.append(fn);
  }

  #withdraw(fn: FunctionQueue): void {
    if (fn.news > 0) this.#functions.remove(fn);
    fn.news = 0;
  }
}
