import { GearmanError } from "../link/errors.ts";

/** Which job it is, and where. */
export interface JobName {
  readonly function: string;
  readonly unique: string;
  /** The server that has it, as it was named in the options. */
  readonly server: string;
  readonly handle: string;
}

/** A job that ran and did not succeed. */
export class JobError extends GearmanError {
  override readonly name = "JobError";
  readonly job: JobName;
  /** What the worker said with its WORK_EXCEPTION; empty with WORK_FAIL. */
  readonly data: Buffer;

  constructor(code: "JOB_FAILED" | "JOB_EXCEPTION", job: JobName, data: Buffer) {
    const what = `job ${job.handle} of "${job.function}" at ${job.server}`;
    super(code, code === "JOB_FAILED" ? `${what} failed` : `${what} failed: ${data.toString("utf8", 0, 1000)}`);
    this.job = job;
    this.data = data;
  }
}
