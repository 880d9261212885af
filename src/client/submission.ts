import { deferred } from "../lib/waiting.ts";
import type { Codec } from "../link/codec.ts";
import { GearmanError } from "../link/errors.ts";
import type { Packet } from "../link/link.ts";
import { fromWire } from "../link/wire-text.ts";
import { JobError, type JobName } from "./errors.ts";
import { EventQueue } from "./events.ts";
import { giveUp } from "./give-up.ts";
import type { SubmitOptions } from "./options.ts";
import { type SubmitRequest, withNewUnique } from "./request.ts";

/** Where a submission is: it can make what comes from there wait. */
export interface Place {
  readonly name: string;
  hold(hold: boolean): void;
}

/** How often a job is submitted before its losses are held to be its own doing. */
const MOST_ATTEMPTS = 100;

const NOTHING = Buffer.alloc(0);

/**
 * A job on its way to an outcome.
 *
 *     waiting --sentTo()--> sent --JOB_CREATED--> created --the last WORK_*--> settled
 *     sent    --the server stops, and says so--> waiting
 *     sent, created --lost()--> waiting, if it may be submitted again, else settled
 *     created, in the background: settled
 *     any --fail(): refused, aborted, too late, no server, the client closed--> settled
 *
 * A settled one stays where its server's packets are counted, and lets them pass.
 */
export class Submission implements JobName {
  request: SubmitRequest;
  readonly created = deferred<void>();
  readonly result = deferred<unknown>();
  readonly events: EventQueue;
  readonly #codec: Codec;
  readonly #resubmit: boolean;
  #place: Place | undefined;
  handle = "";
  attempts = 0;
  settled = false;
  #mayHaveRun = false;
  /** What is to be undone when it is settled. */
  readonly #release: (() => void)[] = [];

  constructor(request: SubmitRequest, codec: Codec, options: SubmitOptions) {
    this.request = request;
    this.#codec = codec;
    this.#resubmit = options.resubmit ?? true;
    this.events = new EventQueue((hold) => this.#place?.hold(hold));
    // Who looks at neither of them is not to be ended by a rejection.
    this.created.promise.catch(() => {});
    this.result.promise.catch(() => {});
    for (const undo of giveUp(this, options)) this.whenSettled(undo);
  }

  get function(): string {
    return this.request.function;
  }

  get unique(): string {
    return this.request.unique;
  }

  get server(): string {
    return this.#place?.name ?? "";
  }

  whenSettled(release: () => void): void {
    if (this.settled) release();
    else this.#release.push(release);
  }

  sentTo(place: Place): void {
    this.#place = place;
    this.attempts += 1;
  }

  onCreated(handle: string): void {
    this.handle = fromWire(handle);
    if (this.settled) return;
    this.created.resolve();
    if (this.request.background) this.#settle();
  }

  /** Its server sent something about it. */
  onWork({ name, args, data }: Packet): void {
    if (this.settled) return;
    if (name === "WORK_COMPLETE") this.#complete(data);
    else if (name === "WORK_FAIL") this.fail(new JobError("JOB_FAILED", this.#name(), data));
    else if (name === "WORK_EXCEPTION") this.fail(new JobError("JOB_EXCEPTION", this.#name(), data));
    else if (name === "WORK_WARNING") this.events.push({ kind: "warning", data }, data.length);
    else if (name === "WORK_DATA") this.#data(data);
    else this.events.push({ kind: "status", numerator: toCount(args[1]), denominator: toCount(args[2]) }, 0);
  }

  /** Its server was lost after it was sent; says whether it is to be submitted again. */
  lost(why: GearmanError): boolean {
    if (this.settled) return false;
    const never = this.#whyNotAgain();
    if (never !== undefined) {
      this.fail(new GearmanError("LOST", `a job of "${this.function}" ${never}: ${why.message}`, { cause: why }));
      return false;
    }
    this.#place = undefined;
    this.#mayHaveRun = true;
    this.#begin();
    return true;
  }

  /**
   * Who joins a job that runs gets none of the data that it has sent. So a job whose events may be wanted begins anew, even if its server
   * lives and only the connection was lost; only one that is known to be wanted for its result had better join.
   */
  #begin(): void {
    const joins = this.handle !== "" && !this.events.wanted;
    if (this.request.uniqueIsOurs && !this.request.background && !joins) this.request = withNewUnique(this.request);
    this.events.restart();
  }

  fail(failure: unknown): void {
    if (this.settled) return;
    const error = this.#mayHaveRun ? this.#asLoss(failure) : failure;
    this.created.reject(error);
    this.result.reject(error);
    this.events.end(error);
    this.#settle();
  }

  /** Of a job that a lost server may have run nobody can say that nothing was done. */
  #asLoss(error: unknown): unknown {
    if (!(error instanceof GearmanError) || error.next !== "retry") return error;
    const what = `a job of "${this.function}" lost its server, and found no other`;
    return new GearmanError("LOST", `${what}: ${error.message}`, { cause: error });
  }

  #whyNotAgain(): string | undefined {
    if (!this.#resubmit) return "was not to be submitted again";
    if (this.events.delivered) return "had delivered data already, so it is not submitted again";
    return this.attempts >= MOST_ATTEMPTS ? `lost its server ${MOST_ATTEMPTS} times` : undefined;
  }

  #complete(data: Buffer): void {
    try {
      const value = this.#codec.decode(data);
      this.result.resolve(value);
      this.events.end();
      this.#settle();
    } catch (error) {
      this.fail(error);
    }
  }

  #data(data: Buffer): void {
    try {
      this.events.push({ kind: "data", data: this.#codec.decode(data) }, data.length);
    } catch (error) {
      this.fail(error);
    }
  }

  #name(): JobName {
    return { function: this.function, unique: this.unique, server: this.server, handle: this.handle };
  }

  #settle(): void {
    this.settled = true;
    // Where it stays to be counted, it is not to hold its workload.
    this.request = { ...this.request, payload: NOTHING };
    for (const release of this.#release) release();
  }
}

/** Servers relay the numbers of WORK_STATUS as the worker wrote them. */
function toCount(text: string | undefined): number {
  const count = Number(text);
  return Number.isFinite(count) ? count : 0;
}
