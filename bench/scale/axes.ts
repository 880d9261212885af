/** What grows on a curve, and what is measured at each of its points. */
import type { Load, Tools } from "../load/tools.ts";
import type { Running } from "../speed/contenders.ts";
import { Crowd, possible } from "./crowd.ts";
import { fill } from "./fill.ts";
import type { Ground } from "./ground.ts";

export type Cost = Pick<Load, "perSecond" | "cpu">;

export interface Axis {
  readonly name: string;
  points(ground: Ground): readonly number[];
  /** How far gearmand goes in bearable time. */
  readonly referenceMost: number;
  /** Once. What it returns lasts as long as the server. */
  prepare?(tools: Tools, server: Running, at: number): Promise<AsyncDisposable | undefined>;
  cost(tools: Tools, server: Running, at: number): Promise<Cost>;
}

const [DEEP, SECONDS] = ["-c 16 -w 16 -d 16", 2];
/** Of the queue, drained and filled again, so that it stays as long as it is. */
const [CHURN, CYCLES] = [500, 100];
/** Of those that only offer functions. */
const FUNCTIONS_EACH = 1000;

const decades = (from: number, to: number, most: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)).filter((at) => at <= most);

const run = (tools: Tools, { port, pid }: Running, options: string): Promise<Cost> =>
  tools.load("run", port, `${options} -t ${SECONDS} -P ${pid}`);

async function churn(tools: Tools, server: Running): Promise<Cost> {
  const before = server.cpu;
  let seconds = 0;
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    seconds += (await tools.load("drain", server.port, `-w 8 -g 8 -n ${CHURN}`)).seconds;
    seconds += (await tools.load("submit", server.port, `-c 8 -d 64 -n ${CHURN}`)).seconds;
  }
  const jobs = CHURN * CYCLES;
  return { perSecond: jobs / seconds, cpu: (server.cpu - before) / jobs };
}

export const AXES: readonly Axis[] = [
  {
    name: "jobs queued",
    points: ({ jobs }) => decades(3, 7, jobs),
    referenceMost: 1_000_000,
    prepare: async (tools, server, at) => void (await fill(tools, server, at)),
    cost: churn,
  },
  {
    name: "functions used",
    points: () => decades(0, 5, Number.POSITIVE_INFINITY),
    referenceMost: 1000,
    cost: (tools, server, at) => run(tools, server, `-F ${at} ${DEEP}`),
  },
  {
    name: "functions of others",
    points: () => decades(0, 5, Number.POSITIVE_INFINITY),
    referenceMost: 10_000,
    prepare: (tools, { port }, at) => Crowd.gather(tools, port, Math.ceil(at / FUNCTIONS_EACH), at),
    cost: (tools, server) => run(tools, server, DEEP),
  },
  {
    name: "workers",
    points: ({ connections }) => decades(1, 4, possible(connections)),
    referenceMost: 10_000,
    cost: (tools, server, at) => run(tools, server, `-c 16 -w ${at}`),
  },
];
