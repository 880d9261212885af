import type { ExecFileException } from "node:child_process";
import type { Tools } from "../load/tools.ts";
import { type Figures, once } from "../speed/measure.ts";
import type { Workload } from "../speed/workloads.ts";
import type { Secure, SecureServer } from "./servers.ts";

/** A server in a comparison, and out of it once a load has failed on it. */
class Entrant {
  readonly name: string;
  readonly server: SecureServer;
  #fate: string | undefined;

  constructor(name: string, server: SecureServer) {
    this.name = name;
    this.server = server;
  }

  /** What became of it; nothing while it serves. */
  get fate(): string | undefined {
    return this.#fate;
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

  async start({ name, start }: Secure): Promise<void> {
    this.all.push(new Entrant(name, await start()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { server } of this.all) await server[Symbol.asyncDispose]();
  }
}
