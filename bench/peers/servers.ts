/** Other servers for the same clients, under the load of bench/load/gearload. */
import type { Tools } from "../load/tools.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { WORKLOADS, type Workload } from "../speed/workloads.ts";
import { type Player, SECONDS } from "./turns.ts";

const OPTIONS: readonly string[] = ["-c 1 -w 1 -d 1", "-c 16 -w 16 -d 1", "-c 16 -w 16 -d 16", "-c 2 -w 500 -d 1"];

export const SERVER_WORKLOADS: readonly Workload[] = WORKLOADS.filter(({ options }) => OPTIONS.includes(options));

export async function underLoad(tools: Tools, { options }: Workload, contender: Contender): Promise<Player> {
  const server = await Running.start(contender);
  return {
    name: contender.name,
    async once() {
      const before = server.cpu;
      const { jobs, perSecond } = await tools.load("run", server.port, `${options} -t ${SECONDS}`);
      return { perSecond, cpu: (server.cpu - before) / jobs };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
