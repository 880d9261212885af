/** The same work for every queue: jobs of 100 bytes, from its own client through its server to its own worker. */
import { Child } from "../../test/support/child.ts";
import type { Folder } from "../../test/support/folder.ts";
import { Running } from "../speed/contenders.ts";
import type { Queue } from "./queues.ts";
import type { Figures, Player } from "./turns.ts";

/** How long a client submits. */
const SECONDS = 1.5;

/** How a client submits: one at a time or many with one call, until they are acknowledged, or until there is a result. */
type Way = "submit" | "bulk" | "run";

export interface Work {
  readonly name: string;
  readonly way: Way;
  /** Whether jobs are done while others are submitted: then all count that are done, otherwise all that are submitted. */
  readonly through: boolean;
}

export const WORKS: readonly Work[] = [
  { name: "through queue and worker, 64 submits outstanding", way: "submit", through: true },
  { name: "through queue and worker, 1000 at a time", way: "bulk", through: true },
  { name: "submits alone, 1000 at a time", way: "bulk", through: false },
  { name: "result back at the client, 64 outstanding", way: "run", through: true },
];

export const can = ({ results }: Queue, { way }: Work): boolean => results || way !== "run";

/** A queue's server, client and worker. */
export class AtWork implements Player {
  readonly contender: Queue;
  readonly #work: Work;
  readonly #server: Running;
  readonly #client: Child;
  readonly #worker: Child;
  #submitted = 0;

  private constructor(contender: Queue, work: Work, server: Running, client: Child, worker: Child) {
    this.contender = contender;
    this.#work = work;
    this.#server = server;
    this.#client = client;
    this.#worker = worker;
  }

  /** @param packages where those of npm are */
  static async start(queue: Queue, work: Work, packages: Folder): Promise<AtWork> {
    const server = await Running.start(queue);
    const play = (role: "client" | "worker"): Promise<Child> =>
      Child.start(new URL(queue.script, import.meta.url), role, `${server.port}`, packages.path);
    return new AtWork(queue, work, server, await play("client"), await play("worker"));
  }

  once(): Promise<Figures> {
    return this.#work.through ? this.#through() : this.#submits();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.kill();
    await this.#worker.kill();
    await this.#server[Symbol.asyncDispose]();
  }

  /** From the first submit until the last job is done. */
  async #through(): Promise<Figures> {
    await this.#worker.ask({ order: "open" });
    const [cpu, began] = [this.#server.cpu, performance.now()];
    const { jobs } = await this.#submit();
    await this.#done();
    const seconds = (performance.now() - began) / 1000;
    const figures = { perSecond: jobs / seconds, cpu: (this.#server.cpu - cpu) / jobs };
    await this.#worker.ask({ order: "close" });
    return figures;
  }

  /** What is submitted is done before the next round. */
  async #submits(): Promise<Figures> {
    const { cpu } = this.#server;
    const { jobs, perSecond } = await this.#submit();
    const figures = { perSecond, cpu: (this.#server.cpu - cpu) / jobs };
    await this.#worker.ask({ order: "open" });
    await this.#done();
    await this.#worker.ask({ order: "close" });
    return figures;
  }

  async #submit(): Promise<Submitted> {
    const submitted = (await this.#client.ask({ order: this.#work.way, seconds: SECONDS })) as Submitted;
    this.#submitted += submitted.jobs;
    return submitted;
  }

  async #done(): Promise<void> {
    await this.#worker.ask({ order: "until", jobs: this.#submitted });
  }
}

/** What a client says. */
interface Submitted {
  readonly jobs: number;
  readonly perSecond: number;
}
