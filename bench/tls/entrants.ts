import type { ExecFileException } from "node:child_process";
import type { Tools } from "../load/tools.ts";
import { type Figures, once } from "../speed/measure.ts";
import type { Workload } from "../speed/workloads.ts";
import type { Secure, SecureServer } from "./servers.ts";

/** A server in a comparison, and out of it once a load has failed on it. */
export class Entrant {
  readonly name: string;
  readonly server: SecureServer;
  readonly #warmUp: number;
  #fate: string | undefined;

  constructor({ name, warmUp }: Secure, server: SecureServer) {
    this.name = name;
    this.server = server;
    this.#warmUp = warmUp;
  }

  /** What became of it; nothing while it serves. */
  get fate(): string | undefined {
    return this.#fate;
  }

  async warmUp(tools: Tools, workload: Workload): Promise<void> {
    for (let round = 0; round < this.#warmUp; round++) await this.round(tools, workload);
  }

  async round(tools: Tools, workload: Workload): Promise<Figures | undefined> {
    if (this.#fate !== undefined) return undefined;
    try {
      return await once(tools, workload, this.server);
    } catch (error) {
      this.#fate = this.#became(error as ExecFileException);
      return undefined;
    }
  }

  /** @param failure of the load */
  #became({ killed, stderr, message }: ExecFileException): string {
    if (!this.server.runs) return "it has ended";
    return killed ? "it hangs" : (stderr ?? message).trim();
  }
}

/** All that were started. */
export class Entrants implements AsyncDisposable {
  readonly all: Entrant[] = [];

  async start(contender: Secure): Promise<void> {
    this.all.push(new Entrant(contender, await contender.start()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { server } of this.all) await server[Symbol.asyncDispose]();
  }
}
