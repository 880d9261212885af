import { readResults } from "../../../bench/results.ts";
import type { Comparison } from "../../../bench/speed/report.ts";
import { AXIS, OTHER as CPU, chart, key, MARGIN, OURS as THROUGHPUT, text } from "./chart.ts";

const [LABELS, BARS, MOST, ROW, BAR] = [230, 440, 3, 46, 15];

const at = (times: number): number => LABELS + (Math.min(times, MOST) / MOST) * BARS;

/** Beyond the chart's end the figure alone tells. */
const bar = (times: number, y: number, fill: string): string =>
  [
    `<rect x="${LABELS}" y="${y}" width="${(at(times) - LABELS).toFixed(1)}" height="${BAR}" fill="${fill}"/>`,
    text(at(times) + 5, y + 12, `${times.toPrecision(3)}x`, 'font-size="11"'),
  ].join("");

const row = ({ workload, ratios }: Comparison, index: number): string => {
  const y = 2 * MARGIN + 24 + index * ROW;
  const label = text(LABELS - 10, y + 20, workload.name, 'text-anchor="end"');
  return `${label}\n${bar(ratios.tuned, y, THROUGHPUT)}\n${bar(ratios.cpu, y + BAR + 2, CPU)}\n`;
};

const tick = (times: number, height: number): string => {
  const dash = times === 1 ? "" : ' stroke-dasharray="2 4"';
  const line = `<line x1="${at(times)}" x2="${at(times)}" y1="${MARGIN + 28}" y2="${height - MARGIN}" stroke="${AXIS}"${dash}/>`;
  return `${line}\n${text(at(times), MARGIN + 22, `${times}x`, `text-anchor="middle" fill="${AXIS}"`)}\n`;
};

/** docs/performance.svg: throughput and CPU of each workload as multiples of tuned gearmand's. */
export const speedChart = (): string => {
  const all = readResults().speed?.figures ?? [];
  const [width, height] = [LABELS + BARS + 70, 3 * MARGIN + 24 + all.length * ROW];
  return chart(width, height, "gearmand-ts beside tuned gearmand", "speed-chart.ts", [
    key(LABELS, THROUGHPUT, "jobs a second (more is better)"),
    key(LABELS + 230, CPU, "CPU for a job (less is better)"),
    ...[1, 2, 3].map((times) => tick(times, height)),
    ...all.map(row),
  ]);
};
