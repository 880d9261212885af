import type { CommitFailure, Job, JobRecord } from "../../src/core/job.ts";
import { BLOCK, Numbers } from "../../src/store/numbers.ts";

type Operation =
  | { readonly kind: "put"; readonly job: Job; readonly place: number }
  | { readonly kind: "retried"; readonly handle: string; readonly retries: number; readonly place: number }
  | { readonly kind: "remove" | "bury"; readonly handle: string };

/** A job on disk. */
interface Row {
  readonly record: JobRecord;
  readonly place: number;
  readonly dead: boolean;
}

/**
 * A store whose commits are out until they are settled, for better or worse, in the order they were asked for. A commit is of one new job,
 * with what was asked before it and after it until the next new job. A crash leaves what was committed.
 */
export class FakeStore {
  numbers: Numbers = new Numbers(() => {});
  /** Jobs whose end is on disk. */
  readonly forgotten: Set<string> = new Set();
  readonly #rows: Map<string, Row> = new Map();
  #operations: Operation[] = [];
  #starts = 0;
  #place = 0;

  constructor() {
    this.#start();
  }

  /** What is asked for and not committed. */
  get outstanding(): number {
    return this.#operations.length;
  }

  /** How a job is on disk. */
  state(handle: string): "kept" | "dead" | undefined {
    const row = this.#rows.get(handle);
    return row?.dead ? "dead" : row && "kept";
  }

  /** The jobs on disk. */
  handles(): IterableIterator<string> {
    return this.#rows.keys();
  }

  /** Whether it is yet to be told that the job has ended. */
  willForget(handle: string): boolean {
    return this.#operations.some(
      (operation) => (operation.kind === "remove" || operation.kind === "bury") && operation.handle === handle,
    );
  }

  put(job: Job): void {
    this.#operations.push({ kind: "put", job, place: ++this.#place });
  }

  retried({ handle, retries }: Job): void {
    this.#operations.push({ kind: "retried", handle, retries, place: ++this.#place });
  }

  remove(handle: string): void {
    this.#operations.push({ kind: "remove", handle });
  }

  bury(handle: string): void {
    this.#operations.push({ kind: "bury", handle });
  }

  /** The oldest commit that is out succeeds or fails; whose it was. Without room nothing of it is stored, and the rest waits on. */
  settle(failure?: CommitFailure): Job | undefined {
    const found = this.#operations.findIndex(({ kind }) => kind === "put");
    const index = found < 0 ? this.#operations.length : found;
    const put = this.#operations[index];
    if (failure === "no space") this.#operations.splice(index, 1);
    else {
      for (const operation of this.#operations.splice(0, index)) this.#apply(operation);
      if (failure !== undefined) this.#operations.shift();
      else this.#applyOne();
      while (this.#operations.length > 0 && this.#operations[0]?.kind !== "put") this.#applyOne();
    }
    return put?.kind === "put" ? put.job : undefined;
  }

  /** The process ends; so many commits have reached the disk that nobody heard of. Returns the jobs to run, in order. */
  crash(commits: number): JobRecord[] {
    for (let n = 0; n < commits; n++) this.settle();
    this.#operations = [];
    this.#start();
    const rows = [...this.#rows.values()].filter(({ dead }) => !dead).sort((a, b) => a.place - b.place);
    return rows.map(({ record }) => ({ ...record }));
  }

  #start(): void {
    this.numbers = new Numbers(() => {});
    this.numbers.start(this.#starts * BLOCK, (this.#starts + 1) * BLOCK);
    this.#starts++;
  }

  #applyOne(): void {
    const operation = this.#operations.shift();
    if (operation !== undefined) this.#apply(operation);
  }

  #apply(operation: Operation): void {
    if (operation.kind === "put") {
      const { job, place } = operation;
      this.#rows.set(job.handle, { record: recordOf(job), place, dead: false });
      return;
    }
    const row = this.#rows.get(operation.handle);
    if (row !== undefined) this.#change(row, operation);
  }

  #change(row: Row, operation: Exclude<Operation, { kind: "put" }>): void {
    const { kind, handle } = operation;
    if (kind === "retried") {
      const record = { ...row.record, retries: operation.retries };
      this.#rows.set(handle, { ...row, place: operation.place, record });
      return;
    }
    this.forgotten.add(handle);
    if (kind === "remove") this.#rows.delete(handle);
    else this.#rows.set(handle, { ...row, dead: true });
  }
}

function recordOf(job: Job): JobRecord {
  const { handle, function: fn, unique, workload, priority, reducer, epoch, retries, row } = job;
  return { handle, function: fn, unique, workload, priority, reducer, epoch, retries, row };
}
