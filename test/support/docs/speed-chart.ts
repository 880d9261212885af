import { readResults } from "../../../bench/results.ts";
import type { Comparison } from "../../../bench/speed/report.ts";

const [LABELS, BARS, MOST, ROW, BAR, MARGIN] = [230, 440, 3, 46, 15, 16];
const [AXIS, THROUGHPUT, CPU, TEXT, PAPER] = ["#8b8fa3", "#3b82c4", "#e0913a", "#1e1e2e", "#ffffff"];

const at = (times: number): number => LABELS + (Math.min(times, MOST) / MOST) * BARS;

const text = (x: number, y: number, words: string, rest = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${rest}>${words}</text>`;

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

const key = (x: number, fill: string, words: string): string =>
  `<rect x="${x}" y="${MARGIN - 8}" width="12" height="12" fill="${fill}"/>${text(x + 17, MARGIN + 2, words)}\n`;

/** docs/performance.svg: throughput and CPU of each workload as multiples of tuned gearmand's. */
export const speedChart = (): string => {
  const all = readResults().speed?.figures ?? [];
  const [width, height] = [LABELS + BARS + 70, 3 * MARGIN + 24 + all.length * ROW];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="gearmand-ts beside tuned gearmand">\n`,
    "<!-- Made by test/support/docs/speed-chart.ts with `npm run docs`; don't edit. -->\n",
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>\n`,
    `<g font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" fill="${TEXT}">\n`,
    key(LABELS, THROUGHPUT, "jobs a second (more is better)"),
    key(LABELS + 230, CPU, "CPU for a job (less is better)"),
    ...[1, 2, 3].map((times) => tick(times, height)),
    ...all.map(row),
    "</g>\n</svg>\n",
  ].join("");
};
