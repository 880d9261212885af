import { isSizedStream, type Payload, type SizedStream } from "../../link/payload.ts";
import { FailJob, type WorkerJob } from "../../worker/handler.ts";
import { linesOf, withoutLineEnd } from "./lines.ts";
import type { WorkerPlan } from "./plan.ts";
import { type End, ProcessGroup } from "./process-group.ts";
import { PROGRAM } from "./program.ts";
import { spool } from "./spool.ts";

export type Job = WorkerJob<Buffer, Payload | string>;
type Command = NonNullable<WorkerPlan["command"]>;

/** What a command is told beside its input. */
const environmentOf = ({ function: name, handle, unique }: Job): NodeJS.ProcessEnv => ({
  ...process.env,
  GEARMAN_FUNCTION: name,
  GEARMAN_HANDLE: handle,
  GEARMAN_UNIQUE: unique,
});

/** Ends the group when its time is over, or its result is not wanted any more. */
class Limits {
  readonly #group: ProcessGroup;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #abort = (): void => this.#group.kill();
  late = false;

  constructor(group: ProcessGroup, timeout: number | undefined, signal: AbortSignal) {
    this.#group = group;
    this.#signal = signal;
    this.#timer = timeout === undefined ? undefined : setTimeout(() => this.#expire(), timeout);
    signal.addEventListener("abort", this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#abort);
  }

  #expire(): void {
    this.late = true;
    this.#group.kill();
  }
}

/** Settles once our stderr has taken the bytes, or could not: its reader may be slow, and the command waits for him unless it is to end. */
const tell = (bytes: Uint8Array, killed: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      killed.removeEventListener("abort", done);
      resolve();
    };
    killed.addEventListener("abort", done);
    if (!killed.aborted || !process.stderr.writableNeedDrain) process.stderr.write(bytes, done);
    if (killed.aborted) done();
  });

/** To the client as WORK_WARNING, and to whoever looks after the worker. */
const passWarnings = async (job: Job, { stderr, killed }: ProcessGroup): Promise<void> => {
  for await (const bytes of stderr) {
    await tell(bytes, killed);
    await job.sendWarning(bytes);
  }
};

const passLines = async (job: Job, stdout: AsyncIterable<Uint8Array>, stripped: boolean): Promise<undefined> => {
  for await (const line of linesOf(stdout)) await job.sendData(stripped ? withoutLineEnd(line) : line);
  return undefined;
};

/** Why a command's job fails; undefined if it does not. */
const failureOf = ({ signal }: End, late: boolean, { jobTimeout }: WorkerPlan): string | undefined => {
  if (late) return `killed after ${jobTimeout} ms, the time limit of a job`;
  return signal === null ? undefined : `killed by ${signal}`;
};

/** All of the output, in memory or in a file that is closed once it is sent, or is not to be. */
const collect = async (job: Job, stdout: AsyncIterable<Uint8Array>): Promise<Payload> => {
  const spooled = await spool(stdout);
  const { payload } = spooled;
  if (!isSizedStream(payload)) return payload;
  const drop = (): void => void spooled[Symbol.asyncDispose]();
  job.signal.addEventListener("abort", drop);
  if (job.signal.aborted) drop();
  const open = (): AsyncIterable<Uint8Array> => {
    job.signal.removeEventListener("abort", drop); // who reads it closes it
    return readOnce(payload, spooled);
  };
  return { size: payload.size, open };
};

async function* readOnce(payload: SizedStream, spooled: AsyncDisposable): AsyncGenerator<Uint8Array> {
  await using _ = spooled;
  yield* payload.open();
}

const outputOf = (job: Job, { lines }: WorkerPlan, { stdout }: ProcessGroup): Promise<Payload | undefined> =>
  lines === "whole" ? collect(job, stdout) : passLines(job, stdout, lines === "stripped");

/** Everything has ended when this settles, also when it rejects. */
const finished = async (job: Job, plan: WorkerPlan, group: ProcessGroup) => {
  try {
    const [output, end] = await Promise.all([outputOf(job, plan, group), group.ended, passWarnings(job, group)]);
    return { output, end };
  } catch (error) {
    group.kill(); // nobody can have what it still does
    throw error;
  } finally {
    await group.ended.catch(() => {});
  }
};

/** Says why, gives what there is of the output, and fails the job. */
const fail = async (job: Job, output: Payload | undefined, why: string | undefined): Promise<never> => {
  if (why !== undefined) await job.sendWarning(`${PROGRAM}: the command was ${why}\n`);
  if (output !== undefined && sizeOf(output) > 0) await job.sendData(output);
  throw new FailJob(why ?? "the command failed");
};

const sizeOf = (payload: Payload): number => (isSizedStream(payload) ? payload.size : payload.length);

/** Does a job: its workload is the command's input, the command's output its result. */
export const runCommand = async (job: Job, plan: WorkerPlan, command: Command): Promise<Payload | undefined> => {
  const [program, ...args] = command;
  const group = new ProcessGroup(program, args, environmentOf(job));
  const limits = new Limits(group, plan.jobTimeout, job.signal);
  try {
    group.stdin.end(job.workload);
    const { output, end } = await finished(job, plan, group);
    const why = failureOf(end, limits.late, plan);
    return why === undefined && end.code === 0 ? output : await fail(job, output, why);
  } finally {
    limits.release();
  }
};
