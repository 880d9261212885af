import type { Job } from "./job.ts";
import { type Linked, List } from "./list.ts";
import type { Peer } from "./peer.ts";
import { RenewedMap } from "./renewed-map.ts";
import type { Scheduled } from "./schedule.ts";
import { type ByteString, PRIORITIES, Priority } from "./types.ts";

/** A function among those that have jobs. */
export class Place implements Scheduled {
  readonly function: FunctionQueue;

  heapIndex = -1;
  dueAt = 0;
  setAs = 0;

  constructor(fn: FunctionQueue) {
    this.function = fn;
  }
}

/** One function: its queues by priority, who can do it, and who of them was woken. */
export class FunctionQueue implements Scheduled, Linked<FunctionQueue> {
  readonly name: ByteString;
  /** What the handles of its jobs begin with that this server named. */
  readonly handlePrefix: string;
  /** Jobs by what they coalesce under. */
  readonly byKey: RenewedMap<string, Job> = new RenewedMap();
  readonly #queues: Record<Priority, List<Job>> = {
    [Priority.high]: new List(),
    [Priority.normal]: new List(),
    [Priority.low]: new List(),
  };
  /** All jobs that exist, whatever their state; a running one that was cancelled as well, as in gearmand. */
  total = 0;
  running = 0;
  /** Epoch jobs whose time has not come. */
  delayed = 0;
  /** The most jobs at each priority's submit; 0: no limit. Text command: maxqueue */
  limits: Record<Priority, number> = { [Priority.high]: 0, [Priority.normal]: 0, [Priority.low]: 0 };
  readonly workers: Set<Peer> = new Set();
  /** Workers that were woken for this function and did not answer yet, the earliest first. */
  readonly woken: Set<Peer> = new Set();
  /** Made by `create function`. */
  byHand = false;
  /** Handle of the oldest runnable job at the last wake, and how many sleepers were woken then: doubled while it stays. */
  overdue = "";
  wakeCount = 0;
  /** Of two functions, the one with the lower is served first; 0: nobody could do it yet. Only {@link Ready} writes it. */
  turn = 0;
  readonly place: Place = new Place(this);
  /** The number of its last news, 0 while it has no runnable jobs. Only {@link Ready} writes it. */
  news = 0;
  /** Up to this number no nap is of a worker that can do it. Only {@link Sleepers} writes it. */
  napsPassed = 0;

  previous: FunctionQueue | undefined;
  next: FunctionQueue | undefined;

  heapIndex = -1;
  dueAt = 0;
  setAs = 0;

  constructor(name: ByteString, handlePrefix = "") {
    this.name = name;
    this.handlePrefix = handlePrefix;
  }

  /** Jobs that a grab could have now. */
  get runnable(): number {
    return this.#queues[0].size + this.#queues[1].size + this.#queues[2].size;
  }

  /** Those that a grab could have now, by priority. */
  runnableJobs(): Job[] {
    return PRIORITIES.flatMap((priority) => [...this.#queues[priority]]);
  }

  /** The highest priority of its runnable jobs; undefined: it has none. */
  get highest(): Priority | undefined {
    return PRIORITIES.find((priority) => this.#queues[priority].size > 0);
  }

  /** Jobs that wait at that priority; epoch jobs are NORMAL and wait from the start. */
  waiting(priority: Priority): number {
    return this.#queues[priority].size + (priority === Priority.normal ? this.delayed : 0);
  }

  /** Nothing would be lost if it were forgotten. */
  get idle(): boolean {
    return this.total === 0 && this.workers.size === 0 && !this.keep;
  }

  /** Whether a worker may find a job now that found none of that priority before. */
  append(job: Job): boolean {
    const queue = this.#queues[job.priority];
    queue.append(job);
    return queue.size === 1 || queue.first?.shunned !== undefined;
  }

  remove(job: Job): void {
    this.#queues[job.priority].remove(job);
  }

  /**
   * The next job that this worker may have, by priority. Grabbing, pre-sleep and waking all ask here, so that none sees a job which
   * another would not give (gearmand#232).
   */
  jobFor(peer: Peer): Job | undefined {
    return this.#next(Priority.high, peer) ?? this.#next(Priority.normal, peer) ?? this.#next(Priority.low, peer);
  }

  /** The job that has been runnable longest. */
  oldestRunnable(): Job | undefined {
    let oldest: Job | undefined;
    for (const priority of PRIORITIES) {
      const { first } = this.#queues[priority];
      if (first !== undefined && (oldest === undefined || first.runnableSince < oldest.runnableSince)) oldest = first;
    }
    return oldest;
  }

  /** An administrator made it, or gave it limits: it stays though it is empty. */
  get keep(): boolean {
    return this.byHand || PRIORITIES.some((priority) => this.limits[priority] > 0);
  }

  #next(priority: Priority, peer: Peer): Job | undefined {
    let job = this.#queues[priority].first;
    while (job !== undefined && this.#withheld(job, peer)) job = job.next;
    return job;
  }

  /** A late result of a timed-out job could not be told from that of its second run on the same connection. */
  #withheld(job: Job, peer: Peer): boolean {
    return job.shunned === peer && this.workers.size > 1;
  }
}
