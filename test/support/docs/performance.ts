import { type Measured, readResults } from "../../../bench/results.ts";
import { cells, HEAD } from "../../../bench/rows.ts";
import { FIGURES_HEAD, figureCells, RATIOS_HEAD, ratioCells } from "../../../bench/speed/table.ts";
import { markdownTable } from "./fill.ts";

/** Every workload beside gearmand and the floor. */
export const speedTable = (): string => {
  const { speed } = readResults();
  if (speed === undefined) return notMeasured("npm run bench -- --save");
  const ratios = markdownTable(RATIOS_HEAD, speed.figures.map(ratioCells));
  const figures = markdownTable(FIGURES_HEAD, speed.figures.map(figureCells));
  return `![Jobs a second and CPU for a job beside tuned gearmand](performance.svg)\n\n${ratios}\n${figures}\n${onWhat(speed)}\n`;
};

/** What was measured as rows. */
const rowsTable = (part: "durable" | "tls"): string => {
  const { [part]: measured } = readResults();
  if (measured === undefined) return notMeasured(`npm run bench:${part} -- --save`);
  const rows = Object.values(measured.figures).flat().map(cells);
  return `${markdownTable(HEAD, rows)}\n${onWhat(measured)}\n`;
};

/** What the durable queue does. */
export const durableTable = (): string => rowsTable("durable");

/** Every workload over TLS, beside gearmand. */
export const tlsTable = (): string => rowsTable("tls");

/** What grows, and what it costs; the points of the curves are in the chart. */
export const scaleTable = (): string => {
  const { scale } = readResults();
  if (scale === undefined) return notMeasured("npm run bench:scale -- --save");
  const rows = Object.values(scale.figures).flat();
  const lines = rows.filter(({ at }) => at === undefined).map(cells);
  return `![Jobs a second by what grows](performance-scale.svg)\n\n${markdownTable(HEAD, lines)}\n${onWhat(scale)}\n`;
};

/** Other servers, and other queues for Node, beside gearmand-ts; there are no goals. */
export const peersTable = (): string => {
  const { peers } = readResults();
  if (peers === undefined) return notMeasured("npm run bench -- --peers --save");
  const rows = Object.values(peers.figures).flat().map(cells);
  const noGoal = (row: readonly string[]): string[] => row.slice(0, -1);
  return `${markdownTable(noGoal(HEAD), rows.map(noGoal))}\n${onWhat(peers)}\n`;
};

const notMeasured = (command: string): string => `Not measured on this version yet: \`${command}\` does it.\n`;

const onWhat = ({ machine }: Measured<unknown>): string =>
  `${machine.gearmand}; Node ${machine.nodes.join(", ")}; ${machine.cores} cores of ${machine.processor}; Linux ${machine.kernel}.`;
