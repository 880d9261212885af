import type { JobName } from "./errors.ts";
import type { JobEvent } from "./events.ts";
import type { Submission } from "./submission.ts";

/** A job in the background: a server has it, and its own word that it will keep it. */
export type BackgroundJob = JobName;

/**
 * A job whose result somebody waits for. Iterating over it gives its data, warnings and status as they come, and ends with the job; it
 * throws what `result` rejects with.
 */
export class Job<Result = Buffer, Data = Result> implements JobName, AsyncIterable<JobEvent<Data>> {
  readonly #submission: Submission;

  /** @internal */
  constructor(submission: Submission) {
    this.#submission = submission;
  }

  get function(): string {
    return this.#submission.function;
  }

  /** Another one, if it was not yours, once the job had to be submitted again. */
  get unique(): string {
    return this.#submission.unique;
  }

  /** Another one, once the job had to be submitted again. */
  get server(): string {
    return this.#submission.server;
  }

  /** Another one, once the job had to be submitted again. */
  get handle(): string {
    return this.#submission.handle;
  }

  /** How often it was submitted. */
  get attempts(): number {
    return this.#submission.attempts;
  }

  /** The data of WORK_COMPLETE. Rejects with a JobError, or a GearmanError that says why there is no outcome. */
  get result(): Promise<Result> {
    return this.#submission.result.promise as Promise<Result>;
  }

  /** Once only. An unread job makes its server wait, with its other jobs of this client. */
  [Symbol.asyncIterator](): AsyncIterator<JobEvent<Data>, undefined> {
    return this.#submission.events.iterate() as AsyncIterator<JobEvent<Data>, undefined>;
  }
}
