import type { JobRecord } from "../../src/core/job.ts";
import { must } from "../model/ledger.ts";

/** What was submitted. Its workload is its own. */
export interface Submit {
  readonly function: string;
  readonly unique: string;
  readonly background: boolean;
  readonly epoch: number;
  readonly workload: string;
}

export interface Ending {
  readonly handle: string;
  /** The store is known to have heard of it. */
  stored: boolean;
}

/** What was promised over several lives of a server, seen from its connections. */
export class CrashLedger {
  acknowledged = 0;
  assigned = 0;
  /** Jobs handed out again whose end was on its way to the store. */
  repeated = 0;
  readonly #submits: Map<string, Submit> = new Map();
  readonly #acknowledged: Set<string> = new Set();
  readonly #endings: Map<string, Ending> = new Map();
  readonly #deaths: Map<string, number> = new Map();
  /** Workload of the job that a handle names. */
  readonly #names: Map<string, string> = new Map();
  readonly #retries: number;

  /** @param retries runs after which a job whose workers died is dead; 0: never */
  constructor(retries: number) {
    this.#retries = retries;
  }

  submitted(submit: Submit): void {
    this.#submits.set(submit.workload, submit);
  }

  created(handle: string, { workload, unique, background }: Submit): void {
    if (unique === "") this.#name(handle, workload);
    if (!background) return;
    this.#acknowledged.add(handle);
    this.acknowledged++;
  }

  runs(handle: string, workload: string): void {
    this.assigned++;
    must(this.#submits.has(workload), `the workload of ${handle} is one that was submitted`);
    must(this.#endings.get(handle)?.stored !== true, `${handle}, whose end is stored, is not handed out`);
    this.#name(handle, workload);
  }

  died(handle: string): void {
    this.#deaths.set(handle, (this.#deaths.get(handle) ?? 0) + 1);
  }

  /** Returns what is to be told when the store has heard of it. */
  ended(handle: string): Ending {
    const ending = { handle, stored: false };
    this.#endings.set(handle, ending);
    return ending;
  }

  /** The server has started again, with these jobs in this order. */
  restored(jobs: readonly JobRecord[]): void {
    const handles = new Set(jobs.map(({ handle }) => handle));
    must(handles.size === jobs.length, "a handle names one job");
    for (const handle of this.#acknowledged)
      must(handles.has(handle) || this.#endings.has(handle) || this.#mayBeDead(handle), `${handle} is not lost`);
    for (const job of jobs) this.#restored(job);
    this.#checkOrder(jobs);
  }

  #restored({ handle, function: fn, unique, epoch, workload, retries }: JobRecord): void {
    const text = Buffer.from(workload).toString("latin1");
    const submit = this.#submits.get(text);
    must(submit !== undefined && submit.function === fn, `${handle} is as it was submitted`);
    must(submit.unique === unique && submit.epoch === epoch, `${handle} has its unique and its epoch`);
    must(retries <= (this.#deaths.get(handle) ?? 0), `${handle} has no more retries than it had deaths`);
    must(this.#endings.get(handle)?.stored !== true, `${handle}, whose end is stored, is not there again`);
    if (this.#endings.delete(handle)) this.repeated++;
    this.#name(handle, text);
    this.#acknowledged.add(handle);
  }

  /** Handles are given in order, and jobs of no unique are put when they get theirs. */
  #checkOrder(jobs: readonly JobRecord[]): void {
    const plain = jobs.filter(({ unique, retries }) => unique === "" && retries === 0);
    const numbers = plain.map(({ handle }) => Number(handle.slice(2)));
    must(
      numbers.every((number, n) => n === 0 || number > (numbers[n - 1] ?? 0)),
      `jobs keep their order: ${numbers}`,
    );
  }

  #mayBeDead(handle: string): boolean {
    return this.#retries > 0 && (this.#deaths.get(handle) ?? 0) >= this.#retries;
  }

  #name(handle: string, workload: string): void {
    const known = this.#names.get(handle);
    must(known === undefined || known === workload, `${handle} names one job for ever`);
    this.#names.set(handle, workload);
  }
}
