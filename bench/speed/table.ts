/** What was compared, as a table in Markdown. */
import type { Comparison } from "./report.ts";

const HEAD = [
  "Workload",
  "Jobs/s",
  "to tuned",
  "goal",
  "to defaults",
  "goal",
  "p99 to tuned",
  "CPU, us",
  "to tuned",
  "goal",
  "to floor",
  "gearmand tuned",
];

const times = (value: number | undefined): string => (value === undefined ? "" : `${value.toPrecision(3)}x`);

function cells({ workload, tuned, figures, ratios }: Comparison): string[] {
  const { goals } = workload;
  const own = figures["gearmand-ts"];
  const newer = ratios.newer === undefined ? "" : ` (Node 26: ${times(ratios.newer)})`;
  const drained = workload.mode === "background" ? `, drain ${times(ratios.drained)}` : "";
  return [
    workload.name,
    `${Math.round(own?.perSecond ?? 0)}`,
    `${times(ratios.tuned)}${drained}${newer}`,
    `${goals.tuned}x`,
    times(ratios.defaults),
    `${goals.defaults}x`,
    times(ratios.p99),
    (own?.cpu ?? 0).toFixed(1),
    times(ratios.cpu),
    `${goals.cpu}x`,
    times(ratios.floor),
    tuned,
  ];
}

const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;

export const table = (all: readonly Comparison[], withHead = true): string =>
  [
    ...(withHead ? [line(HEAD), line(HEAD.map(() => "---"))] : []),
    ...all.map((comparison) => line(cells(comparison))),
  ].join("\n");
