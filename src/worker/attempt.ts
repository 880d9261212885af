import type { Codec } from "../link/codec.ts";
import { GearmanError, reasonOf } from "../link/errors.ts";
import type { Link } from "../link/link.ts";
import { FailJob, type Handler, type Outcome } from "./handler.ts";
import { type Assignment, RunningJob } from "./job.ts";
import { Reply } from "./reply.ts";

/** A function that a worker does. */
export interface Ability {
  /** As the user knows it. */
  readonly name: string;
  /** As the wire has it. */
  readonly wireName: string;
  readonly handler: Handler;
  /** Milliseconds that a job may take. */
  readonly timeout: number | undefined;
  /** Jobs of it that still come are done, but connections that open now do not announce it. */
  leaving: boolean;
}

/** Servers count whole seconds: with less, we would give up what they still wait for. Milliseconds. */
const LEAST_TIMEOUT = 1000;

/**
 * One run of a job: its handler, and what is made of its end.
 *
 *     running --it returns--> completed      --it throws--> exception      --it throws FailJob--> failed
 *     running --timeout, connection lost, cut--> aborted: `run` still waits for the handler, but nothing is sent
 */
export class Attempt {
  readonly job: RunningJob;
  readonly ability: Ability;
  readonly #codec: Codec;
  readonly #reply: Reply;
  /** Made when the handler asks for it: that costs more than all else about a small job. */
  #controller: AbortController | undefined;

  constructor(assignment: Assignment, ability: Ability, link: Link, codec: Codec) {
    this.ability = ability;
    this.#codec = codec;
    this.#reply = new Reply(link, assignment.handle);
    this.job = new RunningJob(assignment, link.server, codec, this.#reply, () => this.#signal());
  }

  /** Whether its result is still wanted. */
  get live(): boolean {
    return this.#reply.aborted === undefined;
  }

  /**
   * Settles once the handler has ended, whatever it did; never rejects.
   *
   * @param onTimeout told after it was aborted because its time has passed
   */
  async run(onTimeout: () => void): Promise<Outcome> {
    const timer = this.#startTimer(onTimeout);
    const outcome = await this.#outcome();
    clearTimeout(timer);
    return outcome;
  }

  /** The result is not wanted any more. */
  abort(why: GearmanError): void {
    this.#reply.abort(why);
    this.#controller?.abort(this.#reply.aborted);
  }

  #signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (!this.live) this.#controller.abort(this.#reply.aborted);
    }
    return this.#controller.signal;
  }

  async #outcome(): Promise<Outcome> {
    try {
      this.#complete(await this.#handled());
      return { kind: "completed" };
    } catch (error) {
      return this.#broken(error);
    }
  }

  /** The result; none, if it went out in pieces. */
  async #handled(): Promise<unknown> {
    const value = await this.ability.handler(this.job);
    if (!isAsyncIterable(value)) return value;
    for await (const data of value) await this.job.sendData(data);
    return undefined;
  }

  #complete(value: unknown): void {
    this.#reply.check();
    this.#reply.finish(["WORK_COMPLETE", this.#codec.encode(value)]);
  }

  #broken(error: unknown): Outcome {
    const why = this.#reply.aborted;
    if (why !== undefined) return { kind: "aborted", why };
    if (isFailJob(error)) {
      this.#reply.finish(["WORK_FAIL"]);
      return { kind: "failed" };
    }
    // To gearmand the exception is the end, and it does not know the job that fails then; Perl's server waits for the WORK_FAIL.
    this.#reply.finish(["WORK_EXCEPTION", Buffer.from(reasonOf(error), "utf8")], ["WORK_FAIL"]);
    return { kind: "exception", error };
  }

  #startTimer(onTimeout: () => void): NodeJS.Timeout | undefined {
    const { name, timeout } = this.ability;
    if (timeout === undefined) return undefined;
    const limit = Math.max(timeout, LEAST_TIMEOUT);
    return setTimeout(() => {
      this.abort(new GearmanError("TIMEOUT", `a job of ${name} took more than ${limit} ms`));
      onTimeout();
    }, limit);
  }
}

/** Anything can be thrown, also what cannot be asked what it is. */
function isFailJob(error: unknown): boolean {
  try {
    return error instanceof FailJob;
  } catch {
    return false;
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
