/** Other servers for the same clients, under the load of bench/load/gearload. */
import type { Tools } from "../load/tools.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { WORKLOADS, type Workload } from "../speed/workloads.ts";
import type { Player } from "./turns.ts";

const NAMES: readonly string[] = [
  "one client in lock-step",
  "16 clients in lock-step",
  "16 clients, 16 outstanding",
  "idle fleet of 500 workers",
];

export const SERVER_WORKLOADS: readonly Workload[] = WORKLOADS.filter(({ name }) => NAMES.includes(name));

export async function underLoad(tools: Tools, { options }: Workload, contender: Contender): Promise<Player> {
  const server = await Running.start(contender);
  return {
    contender,
    async once() {
      const before = server.cpu;
      const { jobs, perSecond } = await tools.load("run", server.port, options);
      return { perSecond, cpu: (server.cpu - before) / jobs };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
