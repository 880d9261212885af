import { CORE_COUNTERS, type CoreCounters, zeroCounters } from "./counters.ts";
import { Functions } from "./functions.ts";
import { HeldGrabs } from "./held-grabs.ts";
import type { Job } from "./job.ts";
import { JobTable } from "./job-table.ts";
import type { Limits } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { Ready } from "./ready.ts";
import { Schedule } from "./schedule.ts";
import type { Clock, Workload } from "./types.ts";
import { Waker } from "./waker.ts";

/** What a job server needs to be told. */
export interface CoreOptions {
  readonly clock: Clock;
  /** Makes a short name of a workload, for the unique `-`: equal for equal bytes only. */
  readonly digest: (workload: Workload) => string;
  /** The number of the next handle; undefined: there is none that was never given. */
  readonly nextNumber: () => number | undefined;
  /** What handles begin with; their number follows. */
  readonly handlePrefix: string;
  /** How often a job is run whose worker died or timed out: -1 without limit, 0 and 1 once, n that many times. */
  readonly jobRetries: number;
  /** The least number of sleepers woken for a job; 0 all; undefined: the server chooses. */
  readonly workerWakeup: number | undefined;
  readonly limits: Limits;
}

/** All that a job server knows. Written by the functions of this folder, which JobServer calls, and by nothing else. */
export class State {
  readonly options: CoreOptions;
  readonly functions: Functions;
  readonly ready: Ready = new Ready();
  readonly jobs: JobTable;
  readonly peers: Set<Peer> = new Set();
  readonly waker: Waker;
  readonly heldGrabs: HeldGrabs = new HeldGrabs();
  /** Running jobs by when their time is over, monotonic milliseconds: one timer for each running job (gearmand#301). */
  readonly timeouts: Schedule<Job> = new Schedule();
  /** Delayed jobs by when they are due, wall time in milliseconds. */
  readonly epochs: Schedule<Job> = new Schedule();
  readonly counters: CoreCounters = zeroCounters(CORE_COUNTERS);
  /** Jobs that a worker has now. */
  running = 0;
  /** Jobs that were acknowledged as background jobs. */
  background = 0;
  /** How often peers wait for jobs, all together: one peer may wait for one job many times. */
  waits = 0;
  /** Functions that peers offer, all together: each counts its own. */
  abilities = 0;
  /** Over a watermark: no new jobs until the queue is down to 80% of it. */
  full = false;
  /** The server is stopping: no new jobs, and none handed out. */
  draining = false;
  lastPeerId = 0;

  constructor(options: CoreOptions) {
    this.options = options;
    this.jobs = new JobTable(options.handlePrefix);
    this.functions = new Functions(options.limits, options.handlePrefix);
    this.waker = new Waker(options.workerWakeup);
  }

  get now(): number {
    return this.options.clock.monotonic();
  }
}
