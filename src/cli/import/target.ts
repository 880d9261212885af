/** The data directory that jobs are brought into. */
import type { JobRecord, JobSpecRecord } from "../../core/job.ts";
import { DurableStore } from "../../store/durable-store.ts";
import { readRecord } from "../../store/record.ts";
import { scan } from "../../store/sqlite/scan.ts";
import type { Store } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import { openView } from "../../store/tools/view.ts";

/** Bytes of workloads that wait for a commit at the most, but for one job. */
const MOST = 4 * 1024 * 1024;

export class Target {
  readonly #store: Store;
  readonly #prefix: string;
  #waiting = 0;
  #put = 0;
  #kept = 0;
  #refused: StoreError | undefined;

  private constructor(directory: string, prefix: string) {
    this.#store = new DurableStore({ kind: "directory", path: directory }, "full");
    this.#prefix = prefix;
  }

  /** @param see told of each job that is there to run. Rejects with a StoreError that says what to do. */
  static async open(directory: string, prefix: string, see: (job: JobRecord) => void): Promise<Target> {
    const target = new Target(directory, prefix);
    await target.#store.recover((jobs) => jobs.forEach(see));
    return target;
  }

  /** Rejects with a StoreError when jobs could not be stored. */
  async put(job: JobSpecRecord, retries: number): Promise<void> {
    const record = { ...job, handle: `${this.#prefix}:${await this.#number()}`, retries, row: 0 };
    this.#put++;
    this.#store.put(record, (error) => {
      if (error === undefined) this.#kept++;
      else this.#refused ??= error;
    });
    this.#waiting += job.workload.length + 100;
    if (this.#waiting > MOST) await this.stored();
  }

  /** Settles when all that was put is on the disk. Rejects with a StoreError when some of it is not. */
  async stored(): Promise<void> {
    this.#waiting = 0;
    await this.#store.flush();
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#kept < this.#put) throw new StoreError("fatal", `${this.#put - this.#kept} jobs are not stored`);
  }

  /** Rejects with a StoreError when the store has failed. */
  async close(): Promise<void> {
    await this.#store.close();
  }

  async #number(): Promise<number> {
    const number = this.#store.nextNumber();
    if (number !== undefined) return number;
    await this.stored();
    return this.#store.nextNumber() ?? Promise.reject(new StoreError("space", "no numbers could be reserved"));
  }
}

/** The jobs of a data directory that are to run; it stays as it is. Throws a StoreError that says what to do. */
export function lookInto(directory: string, see: (job: JobSpecRecord) => void): void {
  const view = openView(directory);
  try {
    if (view.format === 0) return;
    for (const row of scan(view.db)) if (row.state === "alive") see(readRecord(row.row.record));
  } finally {
    view.close();
  }
}
