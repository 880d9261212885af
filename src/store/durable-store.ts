/**
 * The main thread's half of a store.
 *
 *     new      --recover()--> open
 *     open     --no room for new jobs--> refusing: puts are refused, the rest is stored as far as there is room for it; every second it
 *                is asked again
 *     refusing --room--> open
 *     any      --close()--> closed
 *     any      --the thread failed--> failed
 */
import type { JobRecord } from "../core/job.ts";
import { deferred } from "../lib/waiting.ts";
import type { Put, Taken } from "./changes.ts";
import { Commits } from "./commits.ts";
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

type Restore = (jobs: readonly JobRecord[]) => void;

export class DurableStore implements Store {
  readonly durability: StoredDurability;
  readonly failed: Promise<StoreError>;
  readonly #place: Place;
  readonly #start: () => Thread;
  readonly #room: (space: boolean) => void;
  readonly #fail: (error: StoreError) => void;
  readonly #stats: StoreStats = { ...NO_STATS };
  readonly #commits: Commits = new Commits((taken, answer) => this.#committed(taken, answer));
  readonly #numbers: Numbers = new Numbers((upTo) => this.#reserve(upTo));
  #state: "new" | "open" | "refusing" | "closed" | "failed" = "new";
  #thread: StorageThread | undefined;
  #recovering: Promise<readonly string[]> = Promise.resolve([]);
  #lastRow = 0;
  #askAgain: NodeJS.Timeout | undefined;
  readonly #buried: WeakSet<JobRecord> = new WeakSet();

  /** @param room told when there is no room for new jobs any more, and when there is some again */
  constructor(
    place: Place,
    durability: StoredDurability,
    start: () => Thread = startThread,
    room: (space: boolean) => void = () => {},
  ) {
    this.#place = place;
    this.durability = durability;
    this.#start = start;
    this.#room = room;
    const { promise, resolve } = deferred<StoreError>();
    this.failed = promise;
    this.#fail = resolve;
  }

  get stats(): StoreStats {
    return { ...this.#stats, waiting: this.#commits.waiting, noSpace: this.#state === "refusing" ? 1 : 0 };
  }

  recover(restore: Restore): Promise<readonly string[]> {
    this.#recovering = this.#recover(restore);
    return this.#recovering;
  }

  nextNumber(): number | undefined {
    return this.#numbers.next();
  }

  put(job: JobRecord, settled: Settled): void {
    if (this.#state === "refusing") return this.#refuse(settled, noSpace());
    job.row = ++this.#lastRow;
    this.#commits.changes.put(job, settled);
    this.#commits.schedule();
  }

  retried(job: JobRecord): void {
    this.#move(job, false);
  }

  bury(job: JobRecord): void {
    this.#stats.dead++;
    this.#buried.add(job);
    this.#move(job, true);
  }

  remove({ row }: JobRecord): void {
    this.#commits.changes.remove(row)?.settled();
    this.#commits.schedule();
  }

  barrier(settled: () => void): void {
    this.#commits.barrier(settled);
  }

  flush(): Promise<void> {
    return this.#commits.quiet();
  }

  async close(): Promise<void> {
    await this.#recovering.catch(() => {}); // whoever asked for it has been told
    await this.flush();
    clearTimeout(this.#askAgain);
    const thread = this.#thread;
    this.#thread = undefined;
    this.#state = "closed";
    await thread?.close();
  }

  async #recover(restore: Restore): Promise<readonly string[]> {
    const thread = new StorageThread(this.#start(), (error) => this.#failNow(error));
    try {
      const opened = await thread.open(this.#place, this.durability, (rows) => this.#restore(rows, restore));
      this.#thread = thread;
      this.#opened(opened);
      this.#commits.begin(thread);
      return opened.damaged;
    } catch (error) {
      await thread.end();
      throw error;
    }
  }

  #restore(rows: Uint8Array, restore: Restore): void {
    const jobs = unpackRows(rows).map(({ row, retries, record }) => readRecord(record, row, retries));
    this.#stats.recovered += jobs.length;
    restore(jobs);
  }

  #opened({ lastRow, numbers, dead, damaged, space }: Opened): void {
    this.#lastRow = lastRow;
    this.#numbers.start(numbers.first, numbers.last);
    this.#stats.dead = dead;
    this.#stats.damaged = damaged.length;
    this.#setSpace(space);
  }

  #move(job: JobRecord, dead: boolean): void {
    this.#commits.changes.move({ row: job.row, place: ++this.#lastRow, retries: job.retries, dead });
    this.#commits.schedule();
  }

  #reserve(upTo: number): void {
    this.#commits.changes.reserve(upTo);
    this.#commits.schedule();
  }

  #committed(taken: Taken, { refused, changed, space }: Committed): void {
    this.#setSpace(space);
    this.#settle(taken.puts, refused);
    if (changed) this.#changed(taken);
    else this.#notChanged(taken);
  }

  #changed({ batch, barriers }: Taken): void {
    this.#stats.commits++;
    this.#numbers.reserved(batch.reserve);
    for (const settled of barriers) settled();
  }

  /** There is room for nothing: what waits need not be tried now. */
  #notChanged(taken: Taken): void {
    this.#settle(this.#commits.changes.takePuts(Number.POSITIVE_INFINITY), "all");
    this.#commits.changes.giveBack(taken);
  }

  #settle(puts: readonly Put[], refused: Committed["refused"]): void {
    if (refused.length === 0) {
      for (const { settled } of puts) settled();
      return;
    }
    const failed = new Set(refused === "all" ? puts.map(({ job }) => job.row) : refused);
    const why = refused === "all" ? noSpace() : new StoreError("row", "the row could not be stored");
    for (const { job, settled } of puts) {
      if (!failed.has(job.row)) settled();
      else this.#refuseJob(job, settled, why);
    }
  }

  #refuseJob(job: JobRecord, settled: Settled, why: StoreError): void {
    if (this.#buried.delete(job)) this.#stats.dead--;
    this.#refuse(settled, why);
  }

  #refuse(settled: Settled, why: StoreError): void {
    this.#stats.refused++;
    settled(why);
  }

  #setSpace(space: boolean): void {
    if (space === (this.#state === "refusing")) this.#room(space);
    this.#state = space ? "open" : "refusing";
    clearTimeout(this.#askAgain);
    if (!space) this.#askAgain = setTimeout(() => this.#commits.commit(), ASK_AGAIN);
  }

  #failNow(error: StoreError): void {
    this.#state = "failed";
    clearTimeout(this.#askAgain);
    this.#commits.fail(error);
    this.#fail(error);
  }
}

const noSpace = (): StoreError => new StoreError("space", "there is no room for it on the disk");
