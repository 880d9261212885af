/** One workload on several servers, which take turns. Who does not survive it is in the rows, with what became of it. */
import type { Tools } from "../load/tools.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import { type Figures, WARM_UP } from "../speed/measure.ts";
import type { Workload } from "../speed/workloads.ts";
import { Entrants } from "./entrants.ts";
import type { Secure } from "./servers.ts";

export async function compare(
  tools: Tools,
  workload: Workload,
  own: Secure,
  peers: readonly Secure[],
  rounds: number,
): Promise<Row[]> {
  await using entrants = new Entrants();
  for (const contender of [own, ...peers]) await entrants.start(contender);
  const rows = new Rows();
  for (let round = -WARM_UP; round < rounds; round++)
    for (const entrant of entrants.all) {
      const figures = await entrant.round(tools, workload);
      if (figures !== undefined && round >= 0) note(rows, workload, entrant.name, figures);
    }
  return [...rows.all(), ...ratios(rows, workload, own, entrants), ...fates(workload, entrants)];
}

/** Jobs a second, of what a workload is called in the rows. */
const rates = ({ name, mode }: Workload): Readonly<Record<string, "perSecond" | "drained">> =>
  mode === "run" ? { [name]: "perSecond" } : { [`${name}, submits`]: "perSecond", [`${name}, drained`]: "drained" };

function note(rows: Rows, workload: Workload, of: string, figures: Figures): void {
  for (const [measure, rate] of Object.entries(rates(workload))) rows.add(measure, of, figures[rate], "jobs/s");
  rows.add(`${workload.name}, CPU of a job`, of, figures.cpu, "us");
}

/** Of who has survived beside who has. */
const ratios = (rows: Rows, workload: Workload, own: Secure, { all }: Entrants): Row[] => {
  const names = all.filter(({ fate }) => fate === undefined).map(({ name }) => name);
  if (!names.includes(own.name)) return [];
  const peers = names.filter((name) => name !== own.name);
  return Object.keys(rates(workload)).flatMap((measure) =>
    peers.map((peer) => ratio(rows.get(measure, own.name), rows.get(measure, peer), ">= 1")),
  );
};

const fates = ({ name: measure }: Workload, { all }: Entrants): Row[] =>
  all
    .filter(({ fate }) => fate !== undefined)
    .map(({ name, fate }) => ({ measure, of: `${name} does not survive: ${fate}`, values: [0], unit: "jobs/s" }));
