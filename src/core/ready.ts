import type { FunctionQueue, Place } from "./function-queue.ts";
import type { Job } from "./job.ts";
import { List } from "./list.ts";
import { Schedule } from "./schedule.ts";
import type { Priority } from "./types.ts";

/** More than there are turns: priority comes first. Three times this is still an exact number. */
const TURNS = 2 ** 51;

/** Where a function stands whose next job is of that priority: the lowest is served first. */
export const rankOf = (fn: FunctionQueue, priority: Priority): number => priority * TURNS + fn.turn;

/**
 * The functions that have jobs to run. They stand in line by priority and turn, for a worker that can do the first; and in the order of
 * what is new there: jobs of a priority of which there were none, or a job that was withheld and no longer is. That is told once to all,
 * and each worker reads what is new to it when it asks for a job and cannot do the first in line ({@link firstInTurn}).
 */
export class Ready {
  readonly #line: Schedule<Place> = new Schedule();
  #firstTurn = 0;
  #lastTurn = 0;
  readonly #functions: List<FunctionQueue> = new List();
  #latest = 0;
  #jobs = 0;

  /** How many jobs a grab could have now. */
  get jobs(): number {
    return this.#jobs;
  }

  /** The function whose turn it is; undefined: there are no jobs. */
  get first(): FunctionQueue | undefined {
    return this.#line.first?.function;
  }

  /** A worker can do the function: before all others if it is the first who can. */
  introduce(fn: FunctionQueue): void {
    if (fn.turn !== 0) return;
    fn.turn = --this.#firstTurn;
    this.#lineUp(fn);
  }

  /** Puts the job last in its queue. */
  append(job: Job): void {
    const { queue } = job;
    this.#jobs++;
    if (!queue.append(job)) return;
    this.#lineUp(queue);
    this.announce(queue);
  }

  /** Takes it out of its queue. */
  remove(job: Job): void {
    const { queue } = job;
    this.#jobs--;
    queue.remove(job);
    this.#lineUp(queue);
    if (queue.runnable === 0) this.#withdraw(queue);
  }

  /** Takes it out for a worker: its function goes last in line. */
  serve(job: Job): void {
    job.queue.turn = ++this.#lastTurn;
    this.remove(job);
  }

  #lineUp(fn: FunctionQueue): void {
    const { highest } = fn;
    if (highest === undefined) this.#line.remove(fn.place);
    else this.#line.set(fn.place, rankOf(fn, highest));
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
