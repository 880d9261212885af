/**
 * What foreground jobs lose by 20,000 background submits a second beside them: where those are stored, and, to see what of it is the
 * store's, where they are kept in memory.
 */

import type { Measurement } from "../measurements.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import type { Ground } from "./ground.ts";
import { type Contender, durable, memory, redis, Servers } from "./servers.ts";

const FOREGROUND = "-c 16 -d 16 -w 16";
const SECONDS = 3;
/** The submits begin before what is measured, and end after it. */
const MARGIN = 0.5;
const SUBMITS = 20_000;

interface Beside {
  readonly perSecond: number;
  readonly p99: number;
  readonly submitted: number;
}

const alone = (ground: Ground, port: number) => ground.tools.load("run", port, `${FOREGROUND} -t ${SECONDS}`);

async function beside(ground: Ground, port: number): Promise<Beside> {
  const background = `-u -f stored -c 8 -r ${SUBMITS} -t ${SECONDS + 2 * MARGIN}`;
  const submits = ground.tools.load("submit", port, background);
  await new Promise((resolve) => setTimeout(resolve, MARGIN * 1000));
  const { perSecond, p99 } = await alone(ground, port);
  const { perSecond: submitted, jobs } = await submits;
  await ground.tools.load("drain", port, `-f stored -w 8 -g 64 -n ${jobs}`);
  return { perSecond, p99, submitted };
}

export const foreground: Measurement<Ground> = async (ground) => {
  await using folder = ground.folder();
  await using servers = await Servers.start([durable(folder), memory, redis(ground.redis)]);
  const rows = new Rows();
  for (let round = 0; round < ground.rounds; round++)
    for (const [{ name }, { port }] of servers) {
      const [without, within] = [await alone(ground, port), await beside(ground, port)];
      rows.add("foreground alone", name, without.perSecond, "jobs/s");
      rows.add("foreground beside", name, within.perSecond, "jobs/s");
      rows.add("submits beside", name, within.submitted, "jobs/s", String(SUBMITS));
      rows.add("foreground alone, p99", name, without.p99, "us");
      rows.add("foreground beside, p99", name, within.p99, "us");
    }
  return [...rows.all(), ...[...servers.keys()].flatMap((contender) => losses(rows, contender))];
};

function losses(rows: Rows, { name }: Contender): Row[] {
  const of = `${name}, beside : alone`;
  const [least, most] = name.endsWith("full") ? [">= 0.8", "<= 2"] : ["", ""];
  return [
    {
      ...ratio(rows.get("foreground beside", name), rows.get("foreground alone", name), least),
      measure: "foreground",
      of,
    },
    {
      ...ratio(rows.get("foreground beside, p99", name), rows.get("foreground alone, p99", name), most),
      measure: "foreground, p99",
      of,
    },
  ];
}
