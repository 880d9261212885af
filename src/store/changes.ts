import type { JobRecord } from "../core/job.ts";
import type { Batch, Move } from "./messages.ts";
import { recordSize } from "./record.ts";
import { packJobs } from "./rows.ts";
import type { Settled } from "./store.ts";

/** Bytes of new rows in one commit, if it holds more than one: a commit must fit into the room that is kept in reserve. */
const MOST = 8 * 1024 * 1024;

/** A job that is to be stored. */
export interface Put {
  readonly job: JobRecord;
  readonly settled: Settled;
}

/** What one commit was made of, for when its result is known. */
export interface Taken {
  readonly batch: Batch;
  readonly puts: readonly Put[];
  readonly barriers: (() => void)[];
}

interface Barrier {
  /** The last row that was put before. */
  readonly behind: number;
  readonly settled: () => void;
}

/** What waits for a commit. What is asked of one row amounts to the last thing asked. */
export class Changes {
  #puts: Map<number, Put> = new Map();
  readonly #moves: Map<number, Move> = new Map();
  #removals: number[] = [];
  #barriers: Barrier[] = [];
  #reserve = 0;
  #lastPut = 0;

  /** There is nothing to commit, and nobody waits for a commit. */
  get empty(): boolean {
    return this.size === 0 && this.#barriers.length === 0;
  }

  get size(): number {
    return this.#puts.size + this.#moves.size + this.#removals.length + (this.#reserve > 0 ? 1 : 0);
  }

  put(job: JobRecord, settled: Settled): void {
    this.#puts.set(job.row, { job, settled });
    this.#lastPut = job.row;
  }

  move(move: Move): void {
    this.#moves.set(move.row, move);
  }

  /** Returns the put that thereby never comes to be. */
  remove(row: number): Put | undefined {
    this.#moves.delete(row);
    const put = this.#puts.get(row);
    if (put === undefined) this.#removals.push(row);
    else this.#puts.delete(row);
    return put;
  }

  reserve(upTo: number): void {
    this.#reserve = upTo;
  }

  barrier(settled: () => void): void {
    this.#barriers.push({ behind: this.#lastPut, settled });
  }

  /** The next commit. Removals and moves go with the first; of the new rows as many as fit. */
  take(): Taken {
    const puts = this.takePuts(MOST);
    const batch = {
      rows: packJobs(puts.map(({ job }) => job)),
      moves: [...this.#moves.values()].filter(({ row }) => !this.#puts.has(row)),
      removals: this.#removals,
      reserve: this.#reserve,
    };
    for (const { row } of batch.moves) this.#moves.delete(row);
    this.#removals = [];
    this.#reserve = 0;
    return { batch, puts, barriers: this.#takeBarriers() };
  }

  /** The commit could not store moves and removals: they wait again, behind nothing. */
  giveBack({ batch: { moves, removals, reserve }, barriers }: Taken): void {
    const removed = new Set(this.#removals);
    for (const move of moves) if (!this.#moves.has(move.row) && !removed.has(move.row)) this.#moves.set(move.row, move);
    this.#removals = [...removals, ...this.#removals];
    this.#reserve ||= reserve;
    this.#barriers = [...barriers.map((settled) => ({ behind: 0, settled })), ...this.#barriers];
  }

  /** New rows in the order they came, of so many bytes; one in any case. */
  takePuts(bytes: number): Put[] {
    const taken: Put[] = [];
    let size = 0;
    for (const put of this.#puts.values()) {
      size += recordSize(put.job);
      if (size > bytes && taken.length > 0) break;
      taken.push(put);
    }
    this.#forget(taken);
    return taken;
  }

  /** A new map where it can be: one that grows old keeps what was in it from being collected. */
  #forget(taken: readonly Put[]): void {
    if (taken.length === this.#puts.size) this.#puts = new Map();
    else for (const { job } of taken) this.#puts.delete(job.row);
  }

  /** Of those, what is not behind a new row that waits on. */
  #takeBarriers(): (() => void)[] {
    const [next = Number.POSITIVE_INFINITY] = this.#puts.keys();
    const taken = this.#barriers.filter(({ behind }) => behind < next);
    this.#barriers = this.#barriers.filter(({ behind }) => behind >= next);
    return taken.map(({ settled }) => settled);
  }
}
