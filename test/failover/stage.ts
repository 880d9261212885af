import { Random } from "../model/random.ts";
import { Child } from "../support/child.ts";
import { Folder } from "../support/folder.ts";
import { FleetServer, type ServerKind } from "./fleet-server.ts";
import type { Verdict } from "./judge.ts";

/** Who plays, and how it is decided what goes wrong. */
export interface Cast {
  readonly seed: number;
  /** One for each server. */
  readonly servers: readonly ServerKind[];
  /** How each client chooses among the servers: one client for each. */
  readonly clients: readonly string[];
  readonly workers: number;
  /** Whether workers are killed, too. */
  readonly workersDie: boolean;
}

/** Servers, clients under load, and workers, with a ledger that none of them can touch up. Use with `await using`. */
export class Stage {
  readonly random: Random;
  readonly #folder: Folder = new Folder();
  readonly #ledgerPath: string;
  #servers: FleetServer[] = [];
  #ledger: Child | undefined;
  #clients: Child[] = [];
  #workers: Child[] = [];

  private constructor(seed: number) {
    this.random = new Random(seed);
    this.#ledgerPath = this.#folder.file("ledger");
  }

  static async open({ seed, servers, clients, workers, workersDie }: Cast): Promise<Stage> {
    const stage = new Stage(seed);
    stage.#ledger = await Child.start(script("ledger.ts"), stage.#ledgerPath, workersDie ? "workersDie" : "");
    for (const kind of servers) stage.#servers.push(await FleetServer.open(kind));
    for (let nth = 0; nth < workers; nth++) stage.#workers.push(await stage.#worker());
    const addresses = stage.#servers.map(({ address }) => address).join(",");
    for (const choose of clients)
      stage.#clients.push(await Child.start(script("load.ts"), stage.#ledgerPath, addresses, choose));
    return stage;
  }

  anyServer(): FleetServer {
    const server = this.#servers[this.random.below(this.#servers.length)];
    if (server === undefined) throw new Error("a stage without servers");
    return server;
  }

  async replaceWorker(): Promise<void> {
    await this.#workers.shift()?.kill();
    this.#workers.push(await this.#worker());
  }

  /** Lets the clients wait for what is open, and the ledger judge. */
  async finish(): Promise<Verdict> {
    await Promise.all(this.#clients.splice(0).map((client) => client.stop()));
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
    return (await this.#ledger?.stop()) as Verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const children = [...this.#clients, ...this.#workers, ...(this.#ledger === undefined ? [] : [this.#ledger])];
    await Promise.all(children.map((child) => child.kill()));
    await Promise.all(this.#servers.map((server) => server.close()));
    await this.#folder[Symbol.asyncDispose]();
  }

  #worker(): Promise<Child> {
    return Child.start(script("labour.ts"), this.#ledgerPath, this.#servers.map(({ direct }) => direct).join(","));
  }
}

function script(name: string): URL {
  return new URL(name, import.meta.url);
}
