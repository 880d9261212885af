import type { FunctionQueue } from "./function-queue.ts";
import { Entry, type Linked, List } from "./list.ts";
import type { Peer } from "./peer.ts";
import type { Scheduled } from "./schedule.ts";
import type { ByteString, JobSpec, Priority, Workload } from "./types.ts";

/**
 * Where a job stands, and its moves:
 *
 *     storing --committed--> queued | delayed      storing --commit failed--> queued (clients wait) | gone
 *     delayed --its epoch has come--> queued       queued  --grabbed--> running
 *     running --worker lost, timed out--> queued   running --complete, fail, exception, retries spent--> gone
 *     any     --cancelled, dropped, abandoned--> gone (a running one when its worker is done with it)
 */
export type JobState = "storing" | "delayed" | "queued" | "running" | "gone";

/** `no`: foreground only. `pending`: the store was asked to keep it. `yes`: committed, so acknowledged as a background job. */
export type Stored = "no" | "pending" | "yes";

/** Why a store could not keep a job: it has no room for any, or cannot take this one. */
export type CommitFailure = "no space" | "not stored";

/** A submit that is not answered yet: the commit it waits for decides. */
export interface Ticket {
  readonly peer: Peer;
  readonly background: boolean;
  readonly job: Job;
  /** Where the answer is to go: the server's business, kept here so that it need not be looked up. */
  place: object | undefined;
  state: "waiting" | "acknowledged" | CommitFailure;
}

/** What of a job never changes. */
export interface JobSpecRecord extends Omit<JobSpec, "background"> {
  readonly handle: string;
}

/** What of a job is kept by a store. */
export interface JobRecord extends JobSpecRecord {
  /** How often it was given to a worker that then died, timed out or gave it back. */
  retries: number;
  /** Its number in the store, 0 as long as it has none. The store alone writes it. */
  row: number;
}

/** What most jobs have for most of their life: not made anew for each. Nobody adds to it. */
export const NO_CLIENTS: List<Client> = new List();
export const NO_TICKETS: Ticket[] = [];
Object.freeze(NO_TICKETS);

/**
 * A peer that waits for a job; it has one for each time it submitted it. In lists and no Set, on purpose: a Set that has grown old keeps all
 * that ever was in it from being collected while the server is busy (V8's tables are chained when they are made anew).
 */
export class Client implements Linked<Client> {
  readonly peer: Peer;
  readonly job: Job;
  /** Stands for it among all that its peer waits for. */
  readonly awaited: Entry<Client> = new Entry(this);
  previous: Client | undefined;
  next: Client | undefined;

  constructor(peer: Peer, job: Job) {
    this.peer = peer;
    this.job = job;
  }
}

/** A job: the record, and what is known of it only in memory. Written by the core alone. */
export class Job implements JobRecord, Linked<Job>, Scheduled {
  readonly queue: FunctionQueue;
  readonly handle: string;
  readonly function: ByteString;
  readonly unique: ByteString;
  readonly workload: Workload;
  readonly priority: Priority;
  readonly reducer: ByteString;
  readonly epoch: number;
  retries = 0;
  row = 0;

  state: JobState = "storing";
  stored: Stored = "no";
  /** Who is told of it, in the order they came; one that submitted twice is told twice. */
  clients: List<Client> = NO_CLIENTS;
  /** Submits that wait for the pending commit. */
  tickets: Ticket[] = NO_TICKETS;
  /** Under what it coalesces; undefined: with nothing. */
  key: string | undefined;
  /** While running: who runs it. */
  worker: Peer | undefined;
  /** A worker that let it time out and may yet send a late result: not offered to it while another could take it. */
  shunned: Peer | undefined;
  /** An administrator has cancelled it: what its worker still sends is for nobody. */
  cancelled = false;
  /** Since when it is runnable, monotonic milliseconds. */
  runnableSince = 0;
  /** Progress as last told by the worker, as sent. PROTOCOL: WORK_STATUS */
  numerator: ByteString = "0";
  denominator: ByteString = "0";

  previous: Job | undefined;
  next: Job | undefined;
  /** Jobs of other functions with the same unique: GET_STATUS_UNIQUE answers for the newest. */
  older: Job | undefined;
  newer: Job | undefined;
  heapIndex = -1;
  dueAt = 0;
  setAs = 0;

  constructor(handle: string, queue: FunctionQueue, spec: Omit<JobSpec, "background">, key: string | undefined) {
    this.queue = queue;
    this.handle = handle;
    this.function = queue.name;
    this.unique = spec.unique;
    this.workload = spec.workload;
    this.priority = spec.priority;
    this.reducer = spec.reducer;
    this.epoch = spec.epoch;
    this.key = key;
  }

  /** Nobody waits for it and nobody was promised it. */
  get abandoned(): boolean {
    return this.clients.size === 0 && this.stored === "no";
  }
}
