/** What is measured, and what is asked for: the goals of docs/performance.md. */
export interface Workload {
  readonly name: string;
  /** Foreground jobs; or background jobs, first submitted, then drained. */
  readonly mode: "run" | "background";
  /** For bench/load/gearload. */
  readonly options: string;
  /** Of an open loop: how many jobs arrive, as a multiple of what tuned gearmand does at full speed. */
  readonly share?: number;
  readonly goals: Goals;
}

/** Multiples of tuned gearmand's where nothing else is said. */
export interface Goals {
  /** Throughput, at least; of the defaults, as a multiple of gearmand's as it comes. */
  readonly tuned?: number;
  readonly defaults?: number;
  readonly node26?: number;
  /** Background jobs drained, at least. */
  readonly drained?: number;
  /** 99th percentile of the latency, at most. */
  readonly p99?: number;
  /** CPU of the server for each job, at most. */
  readonly cpu: number;
}

/** CPU of the server for each job, as a multiple of the floor's, at most: for every workload. */
export const FLOOR_GOALS = { node20: 1.7, node26: 1.4 };

/** Of a round, whoever serves: chosen for about a quarter of an hour for all workloads with five rounds. */
const SECONDS = 1.5;

const run = (name: string, options: string, goals: Goals): Workload => ({
  name,
  mode: "run",
  options: `${options} -t ${SECONDS}`,
  goals,
});

export const WORKLOADS: readonly Workload[] = [
  run("one client in lock-step", "-c 1 -w 1 -d 1", { tuned: 1.2, defaults: 1.8, node26: 1.4, cpu: 0.9 }),
  run("16 clients in lock-step", "-c 16 -w 16 -d 1", { tuned: 1.5, defaults: 1.8, node26: 1.8, cpu: 0.6 }),
  run("16 clients, 16 outstanding", "-c 16 -w 16 -d 16", { tuned: 1.5, defaults: 1.8, node26: 1.7, cpu: 0.6 }),
  {
    ...run("open loop, half of tuned gearmand's rate", "-c 16 -w 16 -d 16", { p99: 1, cpu: 0.7 }),
    share: 0.5,
  },
  run("100 clients, 100 workers", "-c 100 -w 100 -d 8", { tuned: 1.05, defaults: 1.15, node26: 1.25, cpu: 0.8 }),
  run("10 KB", "-c 8 -w 8 -d 32 -s 10240", { tuned: 1.4, defaults: 1.5, node26: 1.6, cpu: 0.6 }),
  run("1 MB", "-c 4 -w 4 -d 2 -s 1048576", { tuned: 1.1, defaults: 1.2, cpu: 0.9 }),
  run("idle fleet of 500 workers", "-c 2 -w 500 -d 1", { tuned: 1.4, defaults: 80, cpu: 0.7 }),
  run("100 functions", "-F 100 -c 16 -w 16 -d 16", { tuned: 1.3, defaults: 1.5, p99: 0.1, cpu: 0.7 }),
  {
    name: "background",
    mode: "background",
    // As many for every server: what is queued counts as memory.
    options: "-c 8 -w 8 -d 64 -n 100000",
    goals: { tuned: 0.8, defaults: 0.8, drained: 2, cpu: 0.5 },
  },
  run("coalescing", "-k 1000 -c 16 -w 16 -d 16", { tuned: 1.3, defaults: 1.5, cpu: 0.7 }),
  run("a new connection for every job", "-x -c 16 -w 16 -d 1", { tuned: 1, defaults: 1.2, cpu: 1 }),
];

/**
 * An open loop at its rate; any other as it is.
 *
 * @param perSecond what tuned gearmand does at full speed
 */
export const paced = (workload: Workload, perSecond: number): Workload => {
  const { share, options } = workload;
  return share === undefined ? workload : { ...workload, options: `${options} -r ${Math.round(share * perSecond)}` };
};
