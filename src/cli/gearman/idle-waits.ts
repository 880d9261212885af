import type { Worker } from "../../worker/worker.ts";
import type { WorkerPlan } from "./plan.ts";

/** -t of a worker: each time that no job came for so long it says so, and with -c that counts as a job, as in C. */
export class IdleWaits {
  readonly #worker: Worker;
  readonly #plan: WorkerPlan;
  readonly #complain: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #running = 0;
  #jobs = 0;
  #waits = 0;

  constructor(worker: Worker, plan: WorkerPlan, complain: (message: string) => void) {
    this.#worker = worker;
    this.#plan = plan;
    this.#complain = complain;
    worker.on("job", () => this.#taken()).on("done", () => this.#done());
    this.#start();
  }

  /** Whether there was one. */
  get any(): boolean {
    return this.#waits > 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(): void {
    const { timeout } = this.#plan;
    if (timeout !== undefined) this.#timer = setTimeout(() => this.#waited(), timeout);
  }

  #taken(): void {
    this.stop();
    this.#running += 1;
    this.#jobs += 1;
  }

  #done(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#start();
  }

  #waited(): void {
    const { timeout, functions, maxJobs } = this.#plan;
    this.#waits += 1;
    this.#complain(`no job for ${functions.join(", ")} within ${timeout} ms`);
    if (maxJobs !== undefined && this.#jobs + this.#waits >= maxJobs) void this.#worker.close();
    else this.#start();
  }
}
