/** What the figures of one workload amount to, and the table of all. */
import type { Contender } from "./contenders.ts";
import { type Figures, medians, type Results, ratio } from "./measure.ts";
import type { Workload } from "./workloads.ts";

/** Who is who among the contenders. */
export interface Roles {
  readonly tuned: Contender;
  readonly defaults: Contender;
  readonly own: Contender;
  readonly newer: Contender | undefined;
  readonly floor: Contender;
}

export interface Comparison {
  readonly workload: Workload;
  /** The flags with which gearmand did best. */
  readonly tuned: string;
  readonly figures: Readonly<Record<string, Figures>>;
  readonly ratios: Ratios;
}

/** Medians of the ratios, round by round. */
interface Ratios {
  /** Throughput of gearmand-ts to that of gearmand, tuned and as it comes. */
  readonly tuned: number;
  readonly defaults: number;
  readonly drained: number;
  /** The same on Node 26, to tuned. */
  readonly newer: number | undefined;
  readonly p99: number;
  readonly cpu: number;
  /** CPU to that of the floor. */
  readonly floor: number;
}

export function compare(workload: Workload, results: Results, roles: Roles): Comparison {
  const of = (contender: Contender): readonly Figures[] => results.get(contender) ?? [];
  const own = of(roles.own);
  return {
    workload,
    tuned: roles.tuned.name,
    figures: Object.fromEntries([...results].map(([{ name }, figures]) => [name, medians(figures)])),
    ratios: {
      tuned: ratio(own, of(roles.tuned), "perSecond"),
      defaults: ratio(own, of(roles.defaults), "perSecond"),
      drained: ratio(own, of(roles.tuned), "drained"),
      newer: roles.newer && ratio(of(roles.newer), of(roles.tuned), "perSecond"),
      p99: ratio(own, of(roles.tuned), "p99"),
      cpu: ratio(own, of(roles.tuned), "cpu"),
      floor: ratio(own, of(roles.floor), "cpu"),
    },
  };
}
