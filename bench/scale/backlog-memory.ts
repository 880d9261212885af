/** Memory of queued jobs, with the uniques that libgearman gives them when the caller has none, and without. */
import { setTimeout } from "node:timers/promises";
import type { Measurement } from "../measurements.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { fill } from "./fill.ts";
import type { Ground } from "./ground.ts";
import { large, own, reference } from "./servers.ts";

const UNIQUES = { "without unique": "", "with unique": " -u" } as const;
/** Before memory is looked at first, so that the code is there. */
const WARM_UP = 10_000;
/** What is garbage after the last submit is given time to go, milliseconds. */
const REST = 3000;

export const backlogMemory: Measurement<Ground> = async (ground) => {
  const rows = new Rows();
  const jobs = ground.jobs / 5;
  for (let round = 0; round < ground.rounds; round++)
    for (const [how, options] of Object.entries(UNIQUES))
      for (const contender of [own, reference]) {
        const { growth } = await filled(ground, contender, jobs, options);
        rows.add(measure(how, jobs), contender.name, growth / jobs, "bytes");
      }
  return [...rows.all(), ...ratios(rows, jobs), await whole(ground)];
};

const measure = (how: string, jobs: number): string => `memory of a job ${how}, ${jobs} queued`;

const ratios = (rows: Rows, jobs: number): Row[] =>
  Object.keys(UNIQUES)
    .map((how) => measure(how, jobs))
    .map((each) => ratio(rows.get(each, own.name), rows.get(each, reference.name), "<= 0.35"));

/** Of the longest queue, all that the server holds. */
async function whole(ground: Ground): Promise<Row> {
  const { resident } = await filled(ground, large, ground.jobs, "");
  const values = [resident / 1024 ** 2];
  return { measure: `memory with ${ground.jobs} jobs queued`, of: large.name, values, unit: "MiB", goal: "<= 4096" };
}

async function filled(
  { tools }: Ground,
  contender: Contender,
  jobs: number,
  options: string,
): Promise<{ growth: number; resident: number }> {
  await using server = await Running.start(contender);
  await fill(tools, server, WARM_UP, options);
  await tools.load("drain", server.port, `-w 8 -g 64 -n ${WARM_UP}`);
  const before = server.resident;
  await fill(tools, server, jobs, options);
  await setTimeout(REST);
  return { growth: server.resident - before, resident: server.resident };
}
