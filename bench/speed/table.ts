/** What was compared, as rows of Markdown tables: the ratios with their goals, and what they were made of. */
import type { Figures } from "./measure.ts";
import type { Comparison } from "./report.ts";
import { FLOOR_GOALS } from "./workloads.ts";

export const RATIOS_HEAD: readonly string[] = [
  "Workload",
  "Jobs/s to tuned",
  "to defaults",
  "p50, p99, p99.9 to tuned",
  "CPU to tuned",
  "to floor",
  "Node 26: jobs/s to tuned",
  "CPU to floor",
];

const times = (value: number): string => `${value.toPrecision(3)}x`;

/** A ratio; whether it meets its goal, if it has one, is seen at once. */
const atLeast = (value: number, goal: number | undefined): string =>
  goal === undefined ? times(value) : `${times(value)} ${value >= goal ? "✓" : "✗"} (≥ ${goal})`;

const atMost = (value: number, goal: number | undefined): string =>
  goal === undefined ? times(value) : `${times(value)} ${value <= goal ? "✓" : "✗"} (≤ ${goal})`;

export function ratioCells({ workload: { name, mode, goals }, ratios }: Comparison): string[] {
  const drained = mode === "background" ? `, drain ${atLeast(ratios.drained, goals.drained)}` : "";
  return [
    name,
    `${atLeast(ratios.tuned, goals.tuned)}${drained}`,
    atLeast(ratios.defaults, goals.defaults),
    [times(ratios.p50), atMost(ratios.p99, goals.p99), times(ratios.p999)].join(", "),
    atMost(ratios.cpu, goals.cpu),
    atMost(ratios.floor, FLOOR_GOALS.node20),
    ratios.node26 === undefined ? "" : atLeast(ratios.node26, goals.node26),
    ratios.node26Floor === undefined ? "" : atMost(ratios.node26Floor, FLOOR_GOALS.node26),
  ];
}

export const FIGURES_HEAD: readonly string[] = [
  "gearmand-ts / gearmand tuned / defaults",
  "Jobs/s",
  "p50, us",
  "p99, us",
  "p99.9, us",
  "CPU, us",
  "Peak memory, MiB",
  "Tuned",
];

/** Three digits that count. */
const short = (value: number): string => `${Number(value.toPrecision(3))}`;

export function figureCells({ workload, tuned, figures }: Comparison): string[] {
  const three = (name: keyof Figures): string =>
    ["gearmand-ts", tuned, "gearmand"].map((of) => short(figures[of]?.[name] ?? Number.NaN)).join(" / ");
  const all = ["perSecond", "p50", "p99", "p999", "cpu", "memory"] as const;
  return [workload.name, ...all.map(three), tuned === "gearmand" ? "defaults" : tuned];
}
