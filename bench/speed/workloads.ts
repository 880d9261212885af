/** What is measured, and what is asked for: the goals of docs/performance.md. */
export interface Workload {
  readonly name: string;
  /** Foreground jobs; or background jobs, first submitted, then drained. */
  readonly mode: "run" | "background";
  /** For bench/load/gearload. */
  readonly options: string;
  /** Jobs of one round: about two seconds. */
  readonly jobs: number;
  readonly goals: Goals;
}

export interface Goals {
  /** Throughput, as a multiple of tuned gearmand, of gearmand as it comes, and of tuned gearmand on Node 26. */
  readonly tuned: number;
  readonly defaults: number;
  readonly newNode?: number;
  /** CPU of the server for each job, as a multiple of tuned gearmand's, at most. */
  readonly cpu: number;
}

const run = (name: string, options: string, jobs: number, goals: Goals): Workload => ({
  name,
  mode: "run",
  options,
  jobs,
  goals,
});

export const WORKLOADS: readonly Workload[] = [
  run("one client in lock-step", "-c 1 -w 1 -d 1", 15_000, { tuned: 1.2, defaults: 1.8, newNode: 1.4, cpu: 0.9 }),
  run("16 clients in lock-step", "-c 16 -w 16 -d 1", 50_000, { tuned: 1.5, defaults: 1.8, newNode: 1.8, cpu: 0.6 }),
  run("16 clients, 16 outstanding", "-c 16 -w 16 -d 16", 100_000, {
    tuned: 1.5,
    defaults: 1.8,
    newNode: 1.7,
    cpu: 0.6,
  }),
  run("100 clients, 100 workers", "-c 100 -w 100 -d 8", 120_000, {
    tuned: 1.05,
    defaults: 1.15,
    newNode: 1.25,
    cpu: 0.8,
  }),
  run("10 KB", "-c 8 -w 8 -d 32 -s 10240", 50_000, { tuned: 1.4, defaults: 1.5, newNode: 1.6, cpu: 0.6 }),
  run("1 MB", "-c 4 -w 4 -d 2 -s 1048576", 2000, { tuned: 1.1, defaults: 1.2, cpu: 0.9 }),
  run("idle fleet of 500 workers", "-c 2 -w 500 -d 1", 10_000, { tuned: 1.4, defaults: 80, cpu: 0.7 }),
  run("100 functions", "-F 100 -c 16 -w 16 -d 16", 100_000, { tuned: 1.3, defaults: 1.5, cpu: 0.7 }),
  {
    name: "background",
    mode: "background",
    options: "-c 8 -w 8 -d 64",
    jobs: 200_000,
    goals: { tuned: 0.8, defaults: 0.8, cpu: 0.5 },
  },
  run("coalescing", "-k 1000 -c 16 -w 16 -d 16", 100_000, { tuned: 1.3, defaults: 1.5, cpu: 0.7 }),
  run("a new connection for every job", "-x -c 16 -w 16 -d 1", 20_000, { tuned: 1, defaults: 1.2, cpu: 1 }),
];
