import { type Measured, readResults } from "../../../bench/results.ts";
import { cells, HEAD } from "../../../bench/rows.ts";
import { table } from "../../../bench/speed/table.ts";
import { markdownTable } from "./fill.ts";

/** Every workload beside gearmand and the floor. */
export const speedTable = (): string => {
  const { speed } = readResults();
  if (speed === undefined) return "Not measured on this version yet: `npm run bench -- --save` does it.\n";
  return `![Jobs a second and CPU for a job beside tuned gearmand](performance.svg)\n\n${table(speed.figures)}\n\n${onWhat(speed)}\n`;
};

/** What the durable queue does. */
export const durableTable = (): string => {
  const { durable } = readResults();
  if (durable === undefined) return "";
  const rows = Object.values(durable.figures).flat().map(cells);
  return `${markdownTable(HEAD, rows)}\n${onWhat(durable)}\n`;
};

/** What grows, and what it costs; the points of the curves are in the chart. */
export const scaleTable = (): string => {
  const { scale } = readResults();
  if (scale === undefined) return "Not measured on this version yet: `npm run bench:scale -- --save` does it.\n";
  const rows = Object.values(scale.figures).flat();
  const lines = rows.filter(({ at }) => at === undefined).map(cells);
  return `![Jobs a second by what grows](performance-scale.svg)\n\n${markdownTable(HEAD, lines)}\n${onWhat(scale)}\n`;
};

const onWhat = ({ machine }: Measured<unknown>): string =>
  `${machine.gearmand}; Node ${machine.nodes.join(", ")}; ${machine.cores} cores of ${machine.processor}; Linux ${machine.kernel}.`;
