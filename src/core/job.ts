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

/** What few jobs have, or only for a while. */
class Rare implements Scheduled {
  reducer: ByteString = "";
  epoch = 0;
  retries = 0;
  shunned: Peer | undefined;
  cancelled = false;
  numerator: ByteString = "0";
  denominator: ByteString = "0";
  older: Job | undefined;
  newer: Job | undefined;
  heapIndex = -1;
  dueAt = 0;
  setAs = 0;
}

/** What most jobs have of it. */
const USUAL: Rare = Object.freeze(new Rare());

/**
 * A job: the record, and what is known of it only in memory. Written by the core alone. Millions of them may wait: what few of them have
 * stands apart, in {@link Rare}, and a handle of this server is only its number.
 */
export class Job implements JobRecord, Linked<Job>, Scheduled {
  readonly queue: FunctionQueue;
  /** What its handle ends in, if this server named it; else the handle. */
  readonly id: number | string;
  readonly unique: ByteString;
  readonly workload: Workload;
  readonly priority: Priority;
  row = 0;

  state: JobState = "storing";
  stored: Stored = "no";
  /** Who is told of it, in the order they came; one that submitted twice is told twice. */
  clients: List<Client> = NO_CLIENTS;
  /** Submits that wait for the pending commit. */
  tickets: Ticket[] = NO_TICKETS;
  /** Under what it coalesces with others of its function; undefined: with nothing. */
  key: string | undefined;
  /** While running: who runs it. */
  worker: Peer | undefined;
  /** Since when it is runnable, whole monotonic milliseconds. */
  runnableSince = 0;

  previous: Job | undefined;
  next: Job | undefined;
  #rare: Rare = USUAL;

  constructor(id: number | string, queue: FunctionQueue, spec: Omit<JobSpec, "background">, key: string | undefined) {
    this.queue = queue;
    this.id = id;
    this.unique = spec.unique;
    this.workload = spec.workload;
    this.priority = spec.priority;
    this.key = key;
    if (spec.reducer !== "") this.#own.reducer = spec.reducer;
    if (spec.epoch !== 0) this.#own.epoch = spec.epoch;
  }

  get handle(): string {
    return typeof this.id === "string" ? this.id : this.queue.handlePrefix + this.id;
  }

  get function(): ByteString {
    return this.queue.name;
  }

  get reducer(): ByteString {
    return this.#rare.reducer;
  }

  get epoch(): number {
    return this.#rare.epoch;
  }

  /** Nobody waits for it and nobody was promised it. */
  get abandoned(): boolean {
    return this.clients.size === 0 && this.stored === "no";
  }

  get retries(): number {
    return this.#rare.retries;
  }

  set retries(value: number) {
    if (value !== this.#rare.retries) this.#own.retries = value;
  }

  /** A worker that let it time out and may yet send a late result: not offered to it while another could take it. */
  get shunned(): Peer | undefined {
    return this.#rare.shunned;
  }

  set shunned(value: Peer | undefined) {
    if (value !== this.#rare.shunned) this.#own.shunned = value;
  }

  /** An administrator has cancelled it: what its worker still sends is for nobody. */
  get cancelled(): boolean {
    return this.#rare.cancelled;
  }

  set cancelled(value: boolean) {
    if (value !== this.#rare.cancelled) this.#own.cancelled = value;
  }

  /** Progress as last told by the worker, as sent. PROTOCOL: WORK_STATUS */
  get numerator(): ByteString {
    return this.#rare.numerator;
  }

  set numerator(value: ByteString) {
    if (value !== this.#rare.numerator) this.#own.numerator = value;
  }

  get denominator(): ByteString {
    return this.#rare.denominator;
  }

  set denominator(value: ByteString) {
    if (value !== this.#rare.denominator) this.#own.denominator = value;
  }

  /** Jobs of other functions with the same unique: GET_STATUS_UNIQUE answers for the newest. */
  get older(): Job | undefined {
    return this.#rare.older;
  }

  set older(value: Job | undefined) {
    if (value !== this.#rare.older) this.#own.older = value;
  }

  get newer(): Job | undefined {
    return this.#rare.newer;
  }

  set newer(value: Job | undefined) {
    if (value !== this.#rare.newer) this.#own.newer = value;
  }

  get heapIndex(): number {
    return this.#rare.heapIndex;
  }

  set heapIndex(value: number) {
    if (value !== this.#rare.heapIndex) this.#own.heapIndex = value;
  }

  get dueAt(): number {
    return this.#rare.dueAt;
  }

  set dueAt(value: number) {
    if (value !== this.#rare.dueAt) this.#own.dueAt = value;
  }

  get setAs(): number {
    return this.#rare.setAs;
  }

  set setAs(value: number) {
    if (value !== this.#rare.setAs) this.#own.setAs = value;
  }

  /** What few jobs have, of this one. */
  get #own(): Rare {
    if (this.#rare === USUAL) this.#rare = new Rare();
    return this.#rare;
  }
}
