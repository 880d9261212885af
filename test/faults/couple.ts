import { setTimeout } from "node:timers/promises";
import { type SentJob, sentJob } from "./job.ts";
import type { GivenJob } from "./judge.ts";
import type { Ledger } from "./ledger.ts";
import type { Talk } from "./talk.ts";

/** How long the queue may take to accept jobs again, milliseconds. */
const PATIENCE = 20_000;

/** A client and a worker of a daemon whose disk is full at times. Jobs have ids of their own, over all lives. */
export class Couple {
  readonly client: Talk;
  readonly worker: Talk;
  readonly #ledger: Ledger;

  constructor(client: Talk, worker: Talk, ledger: Ledger) {
    this.client = client;
    this.worker = worker;
    this.#ledger = ledger;
    worker.send("CAN_DO", "f");
  }

  close(): void {
    this.client.close();
    this.worker.close();
  }

  /** Submits until it is refused; returns how many were taken, and how it was refused. */
  async fill(size: number): Promise<{ taken: number; reason: string }> {
    for (let taken = 0; ; taken++) {
      const reason = await this.submit({ size });
      if (reason !== "") return { taken, reason };
    }
  }

  /** Empty, or why it was refused. */
  async submit(special: Partial<SentJob> = {}): Promise<string> {
    const [refusal = ""] = await this.client.submit(sentJob(this.#ledger.accounts.size, special));
    return refusal;
  }

  /** Runs a foreground job from its submit to its result. */
  async foreground(): Promise<void> {
    this.worker.send("CAN_DO", "front");
    const id = this.#ledger.accounts.size;
    await this.client.submit(sentJob(id, { function: "front", background: false, priority: "high" }));
    const [job] = await this.worker.grab(1);
    if (job?.function !== "front") throw new Error(`the worker was given ${job?.function}`);
    this.worker.end("WORK_COMPLETE", job);
    await this.client.packet("WORK_COMPLETE");
    this.worker.send("CANT_DO", "front");
  }

  /** Takes jobs and completes them; returns them. */
  async drain(most = Number.POSITIVE_INFINITY): Promise<GivenJob[]> {
    const given: GivenJob[] = [];
    while (given.length < most) {
      const jobs = await this.worker.grab(Math.min(20, most - given.length));
      if (jobs.length === 0) break;
      for (const job of jobs) this.worker.end("WORK_COMPLETE", job);
      given.push(...jobs);
    }
    return given;
  }

  /** Settles when the function has so many jobs. */
  async until(fn: string, jobs: number): Promise<void> {
    const rowOf = async (): Promise<string> =>
      (await this.worker.text("status")).split("\n").find((row) => row.startsWith(`${fn}\t`)) ?? "";
    while (Number((await rowOf()).split("\t")[1] ?? 0) < jobs);
  }

  /** Settles when a background job is taken again; nothing tells when, so it is tried. */
  async healed(): Promise<void> {
    const until = performance.now() + PATIENCE;
    let reason = await this.submit();
    while (reason !== "" && performance.now() < until) {
      await setTimeout(20);
      reason = await this.submit();
    }
    if (reason !== "") throw new Error(`still refused: ${reason}`);
  }
}
