import { reasonOf } from "../../link/errors.ts";
import type { Outcome, WorkerJob } from "../../worker/handler.ts";
import { Worker } from "../../worker/worker.ts";
import type { Signal } from "../signals.ts";
import { UsageError } from "../usage-error.ts";
import type { Ending } from "./exit-status.ts";
import { canRun } from "./find-program.ts";
import { IdleWaits } from "./idle-waits.ts";
import type { Outlet } from "./outlet.ts";
import type { WorkerPlan } from "./plan.ts";
import { lossOf } from "./problems.ts";
import { type Job, runCommand } from "./run-command.ts";

/** Where a worker's words go, and where it hears when to stop. */
export interface Surroundings {
  readonly outlet: Outlet;
  complain(message: string): void;
  onSignal(handler: (signal: Signal) => void): void;
}

/** As a shell would need it to be typed. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

const description = ({ functions, command, servers }: WorkerPlan): string =>
  `a worker for ${functions.join(", ")} at ${servers.join(", ")}: runs ${command?.map(quoted).join(" ")} for each job; Ctrl-C stops it`;

/** A worker that could do nothing but fail jobs is not to take any. Throws UsageError. */
export const checkCommand = ({ command, implied }: WorkerPlan): void => {
  const program = command?.[0];
  if (program === undefined || canRun(program, process.env["PATH"])) return;
  const where = program.includes("/") ? "is no program that can be run" : "is not found in PATH";
  const instead = implied ? "; to send it as a job, leave -- out, or give a flag of a client as -s" : "";
  throw new UsageError(`the worker's command '${program}' ${where}${instead}`);
};

const took = (job: WorkerJob, { kind }: Outcome, begun: number): string =>
  `${kind} ${job.handle} of ${job.function} in ${Math.round(performance.now() - begun)} ms`;

/** Says what it does: always when a server is lost, with -v more. */
const narrate = (worker: Worker, { verbose }: WorkerPlan, complain: (message: string) => void): void => {
  const begun = new WeakMap<WorkerJob, number>();
  worker.on("disconnected", (_server, why) => complain(lossOf(why)));
  worker.on("done", (job, outcome) => {
    if (outcome.kind === "exception") complain(`${job.handle} of ${job.function}: ${reasonOf(outcome.error)}`);
  });
  if (!verbose) return;
  worker.on("connected", (server) => complain(`connected to ${server}`));
  worker.on("job", (job) => begun.set(job, performance.now()));
  worker.on("done", (job, outcome) => complain(took(job, outcome, begun.get(job) ?? performance.now())));
};

/** The first signal lets running jobs end; the second ends them, and their servers give them to others. Returns how it went. */
const stopOnSignals = (worker: Worker, { complain, onSignal }: Surroundings): (() => Ending | undefined) => {
  let ending: Ending | undefined;
  let running = 0;
  worker.on("job", () => {
    running += 1;
  });
  worker.on("done", () => {
    running -= 1;
  });
  onSignal((signal) => {
    const interrupted = signal === "SIGINT";
    if (ending === undefined) {
      ending = interrupted ? "interrupted" : "done";
      if (running > 0) complain(`stopping: ${running} running may finish; once more ends them`);
      void worker.close();
    } else {
      ending = interrupted ? "interrupted" : "terminated";
      void worker.close({ timeout: 0 });
    }
  });
  return () => ending;
};

/** Without a command, jobs are shown. */
const handlerOf =
  (plan: WorkerPlan, { outlet }: Surroundings) =>
  async (job: Job) => {
    if (plan.command !== undefined) return runCommand(job, plan, plan.command);
    await outlet.data(job.workload);
    return undefined;
  };

/** Does jobs until it is told to stop, by -c or by a signal. */
export const runWorker = async (plan: WorkerPlan, surroundings: Surroundings): Promise<Ending> => {
  const { servers, tls, concurrency, maxJobs, functions } = plan;
  if (plan.implied) surroundings.complain(description(plan));
  const worker = new Worker({ servers, tls, concurrency, ...(maxJobs === undefined ? {} : { maxJobs }) });
  const closed = new Promise<void>((resolve) => worker.once("closed", resolve));
  narrate(worker, plan, surroundings.complain);
  const waits = new IdleWaits(worker, plan, surroundings.complain);
  for (const name of functions) worker.register(name, handlerOf(plan, surroundings));
  const stopped = stopOnSignals(worker, surroundings); // one that came already closes it, and a closed one takes no functions
  await closed;
  waits.stop();
  return stopped() ?? (waits.any ? "late" : "done");
};
