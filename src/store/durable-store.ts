/**
 * The main thread's half of a store. What is asked in a turn of the event loop goes to the storage thread as one commit when the turn
 * ends; one commit is in flight, and meanwhile the next one gathers.
 *
 *     new --recover()--> open --close()--> closed
 *     open --no room--> refusing: puts are refused, the rest is tried again every second --room--> open
 *     any  --the thread failed--> failed: nothing settles any more
 */
import type { JobRecord } from "../core/job.ts";
import { Conditions, deferred } from "../lib/waiting.ts";
import { Changes, type Put, type Taken } from "./changes.ts";
import type { StoredDurability } from "./durability.ts";
import type { Committed, Opened, Place } from "./messages.ts";
import { Numbers } from "./numbers.ts";
import { readRecord } from "./record.ts";
import { unpackRows } from "./rows.ts";
import { StorageThread, startThread, type Thread } from "./storage-thread.ts";
import { NO_STATS, type Settled, type Store, type StoreStats } from "./store.ts";
import { StoreError } from "./store-error.ts";

/** How often it is asked whether there is room again, milliseconds. */
const ASK_AGAIN = 1000;

export class DurableStore implements Store {
  readonly durability: StoredDurability;
  readonly failed: Promise<StoreError>;
  readonly #place: Place;
  readonly #start: () => Thread;
  readonly #fail: (error: StoreError) => void;
  readonly #stats: StoreStats = { ...NO_STATS };
  readonly #numbers: Numbers = new Numbers((upTo) => this.#reserve(upTo));
  readonly #changes: Changes = new Changes();
  readonly #idle: Conditions = new Conditions();
  #thread: StorageThread | undefined;
  #lastRow = 0;
  #state: "open" | "refusing" | "failed" = "open";
  #inFlight: Taken | undefined;
  #scheduled = false;
  #askAgain: NodeJS.Timeout | undefined;

  constructor(place: Place, durability: StoredDurability, start: () => Thread = startThread) {
    this.#place = place;
    this.durability = durability;
    this.#start = start;
    const { promise, resolve } = deferred<StoreError>();
    this.failed = promise;
    this.#fail = resolve;
  }

  get stats(): StoreStats {
    const waiting = this.#changes.size + (this.#inFlight?.puts.length ?? 0);
    return { ...this.#stats, waiting, noSpace: this.#state === "refusing" ? 1 : 0 };
  }

  async recover(restore: (jobs: readonly JobRecord[]) => void): Promise<readonly string[]> {
    const thread = new StorageThread(this.#start(), (error) => this.#failNow(error));
    const take = (rows: Uint8Array): void => {
      const jobs = unpackRows(rows).map(({ row, retries, record }) => ({ ...readRecord(record), row, retries }));
      this.#stats.recovered += jobs.length;
      restore(jobs);
    };
    try {
      const opened = await thread.open(this.#place, this.durability, take);
      this.#thread = thread;
      this.#opened(opened);
      return opened.damaged;
    } catch (error) {
      await thread.end();
      throw error;
    }
  }

  nextNumber(): number | undefined {
    return this.#numbers.next();
  }

  put(job: JobRecord, settled: Settled): void {
    if (this.#state === "refusing") return this.#refuse(settled, noSpace());
    job.row = ++this.#lastRow;
    this.#changes.put(job, settled);
    this.#schedule();
  }

  retried(job: JobRecord): void {
    this.#move(job, false);
  }

  bury(job: JobRecord): void {
    this.#stats.dead++;
    this.#move(job, true);
  }

  remove({ row }: JobRecord): void {
    this.#changes.remove(row)?.settled();
    this.#schedule();
  }

  barrier(settled: () => void): void {
    if (this.#changes.size > 0) this.#changes.barrier(settled);
    else if (this.#inFlight === undefined) settled();
    else this.#inFlight.barriers.push(settled);
  }

  async flush(): Promise<void> {
    await this.#idle.until(() => this.#quiet && (this.#changes.size === 0 || this.#state !== "open"));
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#askAgain);
    if (this.#state !== "failed") await this.#thread?.close();
  }

  /** The thread does nothing for us, and is not about to. */
  get #quiet(): boolean {
    return this.#inFlight === undefined && !this.#scheduled;
  }

  #opened({ lastRow, numbers, dead, damaged, space }: Opened): void {
    this.#lastRow = lastRow;
    this.#numbers.start(numbers.first, numbers.last);
    this.#stats.dead = dead;
    this.#stats.damaged = damaged.length;
    this.#setSpace(space);
  }

  #move(job: JobRecord, dead: boolean): void {
    this.#changes.move({ row: job.row, place: ++this.#lastRow, retries: job.retries, dead });
    this.#schedule();
  }

  #reserve(upTo: number): void {
    this.#changes.reserve(upTo);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#changes.size > 0) this.#commit();
      this.#idle.check();
    });
  }

  #commit(): void {
    if (this.#thread === undefined || this.#inFlight !== undefined || this.#state === "failed") return;
    const taken = this.#changes.take();
    this.#inFlight = taken;
    this.#thread.commit(taken.batch).then(
      (result) => this.#committed(taken, result),
      (error: StoreError) => this.#failNow(error),
    );
  }

  #committed(taken: Taken, { refused, changed, space }: Committed): void {
    this.#inFlight = undefined;
    this.#stats.commits++;
    if (changed) this.#numbers.reserved(taken.batch.reserve);
    else this.#changes.giveBack(taken);
    this.#setSpace(space);
    this.#settle(taken.puts, refused);
    if (changed) for (const settled of taken.barriers) settled();
    if (this.#state === "open" && this.#changes.size > 0) this.#commit();
    this.#idle.check();
  }

  #settle(puts: readonly Put[], refused: Committed["refused"]): void {
    const failed = new Set(refused === "all" ? puts.map(({ job }) => job.row) : refused);
    const why = refused === "all" ? noSpace() : new StoreError("row", "the row could not be stored");
    for (const { job, settled } of puts) {
      if (failed.has(job.row)) this.#refuse(settled, why);
      else settled();
    }
  }

  #refuse(settled: Settled, why: StoreError): void {
    this.#stats.refused++;
    settled(why);
  }

  #setSpace(space: boolean): void {
    this.#state = space ? "open" : "refusing";
    clearTimeout(this.#askAgain);
    if (!space) this.#askAgain = setTimeout(() => this.#commit(), ASK_AGAIN);
  }

  #failNow(error: StoreError): void {
    if (this.#state === "failed") return;
    this.#state = "failed";
    clearTimeout(this.#askAgain);
    this.#fail(error);
    this.#idle.check();
  }
}

const noSpace = (): StoreError => new StoreError("space", "there is no room for it on the disk");
