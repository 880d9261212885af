/** How many background jobs a second are stored, and how many are taken and completed, beside gearmand. */

import type { Measurement } from "../measurements.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import type { Ground } from "./ground.ts";
import { durable, memory, redis, Servers, sqlite } from "./servers.ts";

const SUBMITS = "durable submits, 8 clients x 64";
const DRAIN = "drain, 8 workers x 64";
const ONE_EACH = "drain, 8 workers x 1";

export const rates: Measurement<Ground> = async (ground) => {
  await using folder = ground.folder();
  const [own, inMemory, bySqlite, byRedis] = [durable(folder), memory, sqlite(folder), redis(ground.redis)] as const;
  await using servers = await Servers.start([own, inMemory, bySqlite, byRedis]);
  const rows = new Rows();
  for (let round = 0; round < ground.rounds; round++)
    for (const [{ name, jobs }, { port }] of servers) {
      const add = async (measure: string, mode: "submit" | "drain", options: string): Promise<void> =>
        rows.add(measure, name, (await ground.tools.load(mode, port, `${options} -n ${jobs}`)).perSecond, "jobs/s");
      await add(SUBMITS, "submit", "-u -c 8 -d 64");
      await add(DRAIN, "drain", "-w 8 -g 64");
      await ground.tools.load("submit", port, `-u -c 8 -d 64 -n ${jobs}`);
      await add(ONE_EACH, "drain", "-w 8");
    }
  const beside = (measure: string, least: readonly [string, string]): Row[] =>
    [bySqlite, byRedis].map(({ name }, nth) =>
      ratio(rows.get(measure, own.name), rows.get(measure, name), least[nth] ?? ""),
    );
  return [
    ...rows.all(),
    ...beside(SUBMITS, [">= 200", ">= 5"]),
    ...beside(DRAIN, [">= 50", ">= 5"]),
    ...beside(ONE_EACH, [">= 50", ">= 5"]),
  ];
};
