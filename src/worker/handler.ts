import type { GearmanError } from "../link/errors.ts";

/** A job that a server has given to this worker: what a handler gets. */
export interface WorkerJob<Workload = unknown, Data = unknown> {
  /** Its function's name. */
  readonly function: string;
  /** Its name at its server. */
  readonly handle: string;
  /** What its client called it; `""` if it did not, or if the server does not say. */
  readonly unique: string;
  /** The server that gave it, as it was named to the worker. */
  readonly server: string;
  /** The function that the parts of this job are for, if its client asked for it to be split (SUBMIT_REDUCE_JOB). */
  readonly reducer: string | undefined;
  /** The workload, read with the worker's codec. Throws CODEC if that cannot read it. */
  readonly workload: Workload;
  /** The workload as it came. */
  readonly bytes: Buffer;
  /** The workload as UTF-8 text, whatever the codec. */
  text(): string;
  /** The workload as JSON, whatever the codec. Throws SyntaxError. */
  json(): unknown;
  /**
   * Aborts with a GearmanError when the result is not wanted any more: TIMEOUT, LOST (or why else the connection is gone), CLOSED.
   * From then on nothing is sent; the job's place is free again once the handler has ended.
   */
  readonly signal: AbortSignal;
  /**
   * Sends WORK_DATA, WORK_WARNING, WORK_STATUS. Each settles once there is room for more, so a loop that awaits them cannot fill the
   * memory. It rejects with the reason of `signal`, or if the job is over; nobody needs to wait for it.
   */
  sendData(data: Data): Promise<void>;
  sendWarning(data: Uint8Array | string): Promise<void>;
  /** Whole numbers that are not negative, as 3 of 10. */
  sendStatus(numerator: number, denominator: number): Promise<void>;
}

/** Where a result may be `undefined`, a handler may as well return nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing has the type void
type Returned<Result> = undefined extends Result ? Result | void : Result;

/**
 * Does one job. What it returns is the result. An async iterable (an async generator, a readable stream) is a result in pieces: each is
 * sent as WORK_DATA. An error is sent as WORK_EXCEPTION with its message; FailJob says no more than that it failed.
 */
export type Handler<Workload = unknown, Result = unknown, Data = unknown> = (
  job: WorkerJob<Workload, Data>,
) => Returned<Result> | Promise<Returned<Result>> | AsyncIterable<Data>;

/** Thrown by a handler: the job failed, and its client is told nothing else (WORK_FAIL). */
export class FailJob extends Error {
  override readonly name = "FailJob";
}

/** How one run of a job ended. `aborted`: its server was told nothing, and gives it to a worker again. */
export type Outcome =
  | { readonly kind: "completed" }
  | { readonly kind: "failed" }
  | { readonly kind: "exception"; readonly error: unknown }
  | { readonly kind: "aborted"; readonly why: GearmanError };
