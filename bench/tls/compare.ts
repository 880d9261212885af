/** One workload on several servers, which take turns. Who does not survive it is in the rows, with what became of it. */
import type { Tools } from "../load/tools.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import type { Figures } from "../speed/measure.ts";
import { paced, type Workload } from "../speed/workloads.ts";
import { type Entrant, Entrants } from "./entrants.ts";
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
  const load = await pace(tools, workload, entrants.all.slice(1));
  if (load === undefined) return fates(workload, entrants);
  for (const entrant of entrants.all) await entrant.warmUp(tools, load);
  const rows = new Rows();
  for (let round = 0; round < rounds; round++)
    for (const entrant of entrants.all) note(rows, load, entrant.name, await entrant.round(tools, load));
  return [...rows.all(), ...ratios(rows, load, own, entrants), ...fates(load, entrants)];
}

/** An open loop has its rate of the fastest peer: there is none where none survives full speed. Any other workload is as it is. */
async function pace(tools: Tools, workload: Workload, peers: readonly Entrant[]): Promise<Workload | undefined> {
  if (workload.share === undefined) return workload;
  let most = 0;
  for (const peer of peers) most = Math.max(most, (await peer.round(tools, workload))?.perSecond ?? 0);
  return most > 0 ? paced(workload, most) : undefined;
}

/** What is compared. */
interface Measure {
  readonly name: string;
  readonly figure: keyof Figures;
  readonly unit: string;
  /** Of ours, as a multiple of a peer's. */
  readonly goal: string;
}

/** What a workload is about: in an open loop the rate is given, and latency tells. */
function measures({ name, mode, share }: Workload): Measure[] {
  const rate = { unit: "jobs/s", goal: ">= 1" };
  if (share !== undefined) return [{ name: `${name}: p99`, figure: "p99", unit: "us", goal: "<= 1" }];
  if (mode === "run") return [{ name, figure: "perSecond", ...rate }];
  return [
    { name: `${name}, submits`, figure: "perSecond", ...rate },
    { name: `${name}, drained`, figure: "drained", ...rate },
  ];
}

/** @param figures of a server that has survived the round */
function note(rows: Rows, workload: Workload, of: string, figures: Figures | undefined): void {
  if (figures === undefined) return;
  for (const { name, figure, unit } of measures(workload)) rows.add(name, of, figures[figure], unit);
  rows.add(`${workload.name}, CPU of a job`, of, figures.cpu, "us");
}

/** Of who has survived beside who has. */
const ratios = (rows: Rows, workload: Workload, own: Secure, { all }: Entrants): Row[] => {
  const names = all.filter(({ fate }) => fate === undefined).map(({ name }) => name);
  if (!names.includes(own.name)) return [];
  const peers = names.filter((name) => name !== own.name);
  return measures(workload).flatMap(({ name, goal }) =>
    peers.map((peer) => ratio(rows.get(name, own.name), rows.get(name, peer), goal)),
  );
};

const fates = ({ name: measure }: Workload, { all }: Entrants): Row[] =>
  all
    .filter(({ fate }) => fate !== undefined)
    .map(({ name, fate }) => ({ measure, of: `${name} does not survive: ${fate}`, values: [0], unit: "jobs/s" }));
