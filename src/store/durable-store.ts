/**
 * The main thread's half of a store. What is asked in a turn of the event loop goes to the storage thread as one commit when the turn
 * ends; one commit is in flight, and meanwhile the next one gathers.
 *
 *     new  --recover()--> open --close()--> closed
 *     open --no room for new jobs--> refusing: puts are refused, the rest is stored; every second it is asked again --room--> open
 *     any  --the thread failed--> failed: nothing settles any more
 *
 * When there is no room for the rest either, it waits for the next time that it is asked.
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
  #recovering: Promise<unknown> = Promise.resolve();
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
      const jobs = unpackRows(rows).map(({ row, retries, record }) => readRecord(record, row, retries));
      this.#stats.recovered += jobs.length;
      restore(jobs);
    };
    try {
      const opening = thread.open(this.#place, this.durability, take);
      this.#recovering = opening.catch(() => {});
      const opened = await opening;
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
    if (!this.#changes.empty || this.#state === "failed") this.#changes.barrier(settled);
    else if (this.#inFlight === undefined) settled();
    else this.#inFlight.barriers.push(settled);
  }

  async flush(): Promise<void> {
    await this.#idle.until(() => this.#quiet);
  }

  async close(): Promise<void> {
    await this.#recovering;
    await this.flush();
    clearTimeout(this.#askAgain);
    if (this.#state !== "failed") await this.#thread?.close();
  }

  /** The thread does nothing for us, and is not about to. */
  get #quiet(): boolean {
    return this.#state === "failed" || (this.#inFlight === undefined && !this.#scheduled);
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
      if (!this.#changes.empty) this.#commit();
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
    this.#setSpace(space);
    this.#settle(taken.puts, refused);
    if (changed) this.#changed(taken);
    else this.#notChanged(taken);
    this.#idle.check();
  }

  #changed({ batch, barriers }: Taken): void {
    this.#numbers.reserved(batch.reserve);
    for (const settled of barriers) settled();
    if (!this.#changes.empty) this.#commit();
  }

  /** There is room for nothing: what waits need not be tried now. */
  #notChanged(taken: Taken): void {
    this.#settle(this.#changes.takePuts(Number.POSITIVE_INFINITY), "all");
    this.#changes.giveBack(taken);
  }

  #settle(puts: readonly Put[], refused: Committed["refused"]): void {
    if (refused.length === 0) {
      for (const { settled } of puts) settled();
      return;
    }
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
