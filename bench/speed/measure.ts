/** One workload on several servers, which take turns: what disturbs one disturbs the others. */

import type { Tools } from "../load/tools.ts";
import { median } from "../rows.ts";
import { type Contender, Running } from "./contenders.ts";
import type { Workload } from "./workloads.ts";

/** One round, or the medians of all. Times in microseconds. */
export interface Figures {
  /** Jobs a second; of background jobs, submits. */
  readonly perSecond: number;
  /** Background jobs drained a second. */
  readonly drained: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Of the server, for each job. */
  readonly cpu: number;
  /** The most so far, MiB. */
  readonly memory: number;
}

/** What a round looks at. */
export type Server = Pick<Running, "port" | "cpu" | "memory">;

export type Results = ReadonlyMap<Contender, readonly Figures[]>;

export async function measure(
  tools: Tools,
  workload: Workload,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Results> {
  await using servers = new Servers();
  const results = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await warmUp(tools, workload, contender, await servers.start(contender));
  for (let round = 0; round < rounds; round++)
    for (const [contender, figures] of results) figures.push(await once(tools, workload, servers.of(contender)));
  return results;
}

export async function warmUp(tools: Tools, workload: Workload, { warmUp }: Contender, server: Running): Promise<void> {
  for (let round = 0; round < warmUp; round++) await once(tools, workload, server);
}

/** One round on one server. */
export async function once(tools: Tools, { mode, options }: Workload, server: Server): Promise<Figures> {
  const before = server.cpu;
  const load = (what: "run" | "submit" | "drain") => tools.load(what, server.port, options);
  const first = await load(mode === "run" ? "run" : "submit");
  const drained = mode === "run" ? 0 : (await load("drain")).perSecond;
  const { jobs, perSecond, p50, p99, p999 } = first;
  return { perSecond, drained, p50, p99, p999, cpu: (server.cpu - before) / jobs, memory: server.memory };
}

class Servers implements AsyncDisposable {
  readonly #running: Map<Contender, Running> = new Map();

  async start(contender: Contender): Promise<Running> {
    const server = await Running.start(contender);
    this.#running.set(contender, server);
    return server;
  }

  of(contender: Contender): Running {
    const server = this.#running.get(contender);
    if (server === undefined) throw new Error(`${contender.name} was not started`);
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#running.values()) await server[Symbol.asyncDispose]();
  }
}

export const medians = (rounds: readonly Figures[]): Figures => {
  const of = (name: keyof Figures): number => median(rounds.map((figures) => figures[name]));
  return {
    perSecond: of("perSecond"),
    drained: of("drained"),
    p50: of("p50"),
    p99: of("p99"),
    p999: of("p999"),
    cpu: of("cpu"),
    memory: of("memory"),
  };
};

/** Who did most jobs, and how many. */
export const fastest = (results: Results): { readonly contender: Contender; readonly perSecond: number } =>
  [...results]
    .map(([contender, rounds]) => ({ contender, perSecond: medians(rounds).perSecond }))
    .reduce((best, other) => (other.perSecond > best.perSecond ? other : best));

/** The median of how often one goes into the other, round by round. */
export const ratio = (over: readonly Figures[], under: readonly Figures[], name: keyof Figures): number =>
  median(over.map((figures, round) => figures[name] / (under[round]?.[name] ?? Number.NaN)));
