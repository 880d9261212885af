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

/** What waits for a commit. What is asked of one row amounts to the last thing asked. */
export class Changes {
  readonly #puts: Map<number, Put> = new Map();
  readonly #moves: Map<number, Move> = new Map();
  #removals: number[] = [];
  #barriers: (() => void)[] = [];
  #reserve = 0;

  get size(): number {
    return this.#puts.size + this.#moves.size + this.#removals.length + (this.#reserve > 0 ? 1 : 0);
  }

  put(job: JobRecord, settled: Settled): void {
    this.#puts.set(job.row, { job, settled });
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
    this.#barriers.push(settled);
  }

  /** The next commit. Removals and moves go with the first; of the new rows as many as fit. */
  take(): Taken {
    const puts = this.#takePuts();
    const all = this.#puts.size === 0;
    const batch = {
      rows: packJobs(puts.map(({ job }) => job)),
      moves: [...this.#moves.values()].filter(({ row }) => !this.#puts.has(row)),
      removals: this.#removals,
      reserve: this.#reserve,
    };
    for (const { row } of batch.moves) this.#moves.delete(row);
    this.#removals = [];
    this.#reserve = 0;
    return { batch, puts, barriers: all ? this.#takeBarriers() : [] };
  }

  /** The commit could not store moves and removals: they wait again, behind nothing. */
  giveBack({ batch: { moves, removals, reserve }, barriers }: Taken): void {
    const removed = new Set(this.#removals);
    for (const move of moves) if (!this.#moves.has(move.row) && !removed.has(move.row)) this.#moves.set(move.row, move);
    this.#removals.push(...removals);
    this.#reserve ||= reserve;
    this.#barriers.unshift(...barriers);
  }

  #takePuts(): Put[] {
    const taken: Put[] = [];
    let size = 0;
    for (const [row, put] of this.#puts) {
      size += recordSize(put.job);
      if (size > MOST && taken.length > 0) break;
      taken.push(put);
      this.#puts.delete(row);
    }
    return taken;
  }

  #takeBarriers(): (() => void)[] {
    const taken = this.#barriers;
    this.#barriers = [];
    return taken;
  }
}
