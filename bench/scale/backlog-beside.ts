/** What foreground jobs lose by a long queue of another function: two servers side by side, one with it, one without. */

import type { Measurement } from "../measurements.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { fill } from "./fill.ts";
import type { Ground } from "./ground.ts";
import { own, reference } from "./servers.ts";

const FOREGROUND = "-f other -c 16 -w 16 -d 16 -n 100000";
const [RATE, SLOWEST] = ["foreground", "foreground, p99.9"];

export const besideBacklog: Measurement<Ground> = async (ground) => [
  ...(await compare(ground, own, [">= 0.9", "<= 2"])),
  ...(await compare(ground, reference, ["", ""])),
];

/** @param goals of throughput and p99.9, with the queue to without */
async function compare(ground: Ground, contender: Contender, goals: readonly [string, string]): Promise<Row[]> {
  const jobs = ground.jobs / 5;
  const [without, within] = [`${contender.name}, none queued`, `${contender.name}, ${jobs} queued`];
  await using empty = await Running.start(contender);
  await using full = await Running.start(contender);
  await fill(ground.tools, full, jobs);
  const servers = [[without, empty] as const, [within, full] as const];
  const rows = new Rows();
  for (const [, { port }] of servers) await ground.tools.load("run", port, FOREGROUND);
  for (let round = 0; round < ground.rounds; round++)
    for (const [of, { port }] of servers) {
      const { perSecond, p999 } = await ground.tools.load("run", port, FOREGROUND);
      rows.add(RATE, of, perSecond, "jobs/s");
      rows.add(SLOWEST, of, p999, "us");
    }
  const against = (measure: string, goal: string): Row =>
    ratio(rows.get(measure, within), rows.get(measure, without), goal);
  return [...rows.all(), against(RATE, goals[0]), against(SLOWEST, goals[1])];
}
