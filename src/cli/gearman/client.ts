import { Client } from "../../client/client.ts";
import { JobError } from "../../client/errors.ts";
import type { JobEvent } from "../../client/events.ts";
import type { Job } from "../../client/job.ts";
import type { SubmitOptions } from "../../client/options.ts";
import { GearmanError } from "../../link/errors.ts";
import { type Bars, percentOf } from "./bars.ts";
import type { Ending } from "./exit-status.ts";
import type { Outlet } from "./outlet.ts";
import type { ClientPlan } from "./plan.ts";
import { endingOf, problemOf } from "./problems.ts";
import { type Workload, workloadsOf } from "./workloads.ts";

/** Where a client's words go. */
export interface Voice {
  readonly outlet: Outlet;
  /** If stderr is a terminal; else the status comes in lines, as C has it. */
  readonly bars: Bars | undefined;
  /** Called as C's tool: its words, and no more. */
  readonly asC: boolean;
  complain(message: string): void;
}

/** After such an end, the next job may do better; after others it would be the same. */
const GO_ON: readonly string[] = ["JOB_FAILED", "JOB_EXCEPTION", "TIMEOUT", "LOST", "STREAM"];

/** One run of the client: it ends as the first job did that did not succeed. */
class Run {
  readonly #plan: ClientPlan;
  readonly #client: Client;
  readonly #voice: Voice;
  ending: Ending = "done";
  /** What makes further jobs pointless. */
  stopped = false;

  constructor(plan: ClientPlan, client: Client, voice: Voice) {
    this.#plan = plan;
    this.#client = client;
    this.#voice = voice;
  }

  /** Gives a workload to all functions. Never rejects. */
  async all(workload: Workload): Promise<void> {
    await Promise.all(this.#plan.functions.map((name) => this.#one(name, workload)));
  }

  async #one(name: string, workload: Workload): Promise<void> {
    try {
      if (this.#plan.background) await this.#submit(name, workload);
      else await this.#follow(name, workload);
    } catch (error) {
      await this.#failed(name, error);
    }
  }

  async #submit(name: string, { payload }: Workload): Promise<void> {
    const job = await this.#client.submit(name, payload, { ...this.#options(), background: true });
    await this.#created(job);
  }

  async #follow(name: string, workload: Workload): Promise<void> {
    const { outlet, bars } = this.#voice;
    const job = await this.#client.submit(name, workload.payload, this.#options());
    try {
      await this.#created(job);
      for await (const event of job) await this.#event(name, workload, job, event);
      await outlet.data(this.#prefix(name), await job.result);
    } finally {
      bars?.remove(job);
    }
  }

  #options(): Omit<SubmitOptions, "at" | "background"> {
    const { unique, timeout, priority } = this.#plan;
    return {
      priority,
      ...(unique === undefined ? {} : { unique }),
      ...(timeout === undefined ? {} : { timeout }),
    };
  }

  async #created({ handle }: { readonly handle: string }): Promise<void> {
    if (this.#plan.verbose) await this.#voice.outlet.data(`Task created: ${handle}\n`);
  }

  async #event(name: string, { text }: Workload, job: Job, event: JobEvent): Promise<void> {
    const { outlet, bars } = this.#voice;
    if (event.kind === "data") return outlet.data(this.#prefix(name), event.data);
    if (event.kind === "warning") return outlet.complaint(this.#prefix(name), event.data);
    if (bars === undefined) return outlet.data(`${this.#prefix(name)}${percentOf(event)}% Complete\n`);
    bars.set(job, { label: text === "" ? name : `${name} ${text}`, ...event });
  }

  /** A job that failed is told of as C does it; other troubles as this program's. */
  async #failed(name: string, error: unknown): Promise<void> {
    const { outlet, complain, asC } = this.#voice;
    if (error instanceof JobError) {
      if (error.data.length > 0) await outlet.complaint(this.#prefix(name), error.data, "\n");
      const which = asC ? "" : `: ${error.job.handle} of ${name}`;
      await outlet.complaint(`${this.#prefix(name)}Job failed${which}\n`);
    } else if (!this.stopped) {
      complain(problemOf(error));
    }
    if (this.ending === "done") this.ending = endingOf(error);
    this.stopped ||= !(error instanceof GearmanError && GO_ON.includes(error.code));
  }

  #prefix(name: string): string {
    return this.#plan.prefix ? `${name}: ` : "";
  }
}

/** Each workload in its turn, up to so many at once; stops where going on is pointless. */
const drive = async (run: Run, plan: ClientPlan): Promise<void> => {
  const running = new Set<Promise<void>>();
  for await (const workload of workloadsOf(plan)) {
    const job = run.all(workload).then(() => void running.delete(job));
    running.add(job);
    if (running.size >= plan.concurrency) await Promise.race(running);
    if (run.stopped) break;
  }
  await Promise.all(running);
};

/** Submits the jobs of a plan; rejects only if the input cannot be read. */
export const runClient = async (plan: ClientPlan, voice: Voice): Promise<Ending> => {
  // Each server is tried once, as in C: a script wants to know now.
  await using client = new Client({ servers: plan.servers, tls: plan.tls, serverTimeout: 0 });
  const run = new Run(plan, client, voice);
  await drive(run, plan);
  return run.ending;
};
