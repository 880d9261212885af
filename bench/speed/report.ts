/** What the figures of one workload amount to. */
import type { Contender } from "./contenders.ts";
import { type Figures, medians, type Results, ratio } from "./measure.ts";
import { WORKLOADS, type Workload } from "./workloads.ts";

/** Who is who among the contenders. */
export interface Roles {
  readonly tuned: Contender;
  readonly defaults: Contender;
  readonly own: Contender;
  readonly node26: Contender | undefined;
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
  /** The rest is to tuned, where nothing else is said. */
  readonly drained: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly cpu: number;
  /** CPU to that of the floor. */
  readonly floor: number;
  /** The same on Node 26, if it was measured: throughput, and CPU to that of the floor. */
  readonly node26?: number;
  readonly node26Floor?: number;
}

/**
 * Who counts as tuned after the rounds: the defaults are among the candidates, and a first round may have picked another that is slower.
 * In an open loop all do as many jobs, so what was picked stays.
 */
export const bestTuned = ({ share }: Workload, results: Results, { tuned, defaults }: Roles): Contender => {
  const rate = (of: Contender): number => medians(results.get(of) ?? []).perSecond;
  return share === undefined && rate(defaults) > rate(tuned) ? defaults : tuned;
};

/** What is saved with one workload measured anew. */
export const renewed = (saved: readonly Comparison[], done: Comparison): readonly Comparison[] => {
  const place = ({ workload }: Comparison): number => WORKLOADS.findIndex(({ name }) => name === workload.name);
  const others = saved.filter(({ workload }) => workload.name !== done.workload.name);
  return [...others, done].sort((one, other) => place(one) - place(other));
};

export function compare(workload: Workload, results: Results, roles: Roles): Comparison {
  const { own, node26, floor } = roles;
  const tuned = bestTuned(workload, results, roles);
  const to = (over: Contender, under: Contender, name: keyof Figures): number =>
    ratio(results.get(over) ?? [], results.get(under) ?? [], name);
  return {
    workload,
    tuned: tuned.name,
    figures: Object.fromEntries([...results].map(([{ name }, figures]) => [name, medians(figures)])),
    ratios: {
      tuned: to(own, tuned, "perSecond"),
      defaults: to(own, roles.defaults, "perSecond"),
      drained: to(own, tuned, "drained"),
      p50: to(own, tuned, "p50"),
      p99: to(own, tuned, "p99"),
      p999: to(own, tuned, "p999"),
      cpu: to(own, tuned, "cpu"),
      floor: to(own, floor, "cpu"),
      ...(node26 && { node26: to(node26, tuned, "perSecond"), node26Floor: to(node26, floor, "cpu") }),
    },
  };
}
