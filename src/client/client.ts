import { EventEmitter } from "node:events";
import type { Logger } from "../lib/log.ts";
import { type Codec, type CodecName, codecOf } from "../link/codec.ts";
import { GearmanError } from "../link/errors.ts";
import type { DataOf, FunctionMap, Given, NameOf, ResultOf, WorkloadOf } from "../link/functions.ts";
import type { Packet } from "../link/link.ts";
import { loggerOf, type ServersOptions } from "../link/options.ts";
import { toWire } from "../link/wire-text.ts";
import { checkClientOptions, checkSubmitOptions } from "./check-options.ts";
import { type BackgroundJob, Job } from "./job.ts";
import type {
  ClientBytesFunctions,
  ClientOptions,
  ClientSettings,
  InBackground,
  InForeground,
  SubmitOptions,
} from "./options.ts";
import { type Answers, ask, known } from "./questions.ts";
import { submitRequest } from "./request.ts";
import { Servers } from "./servers.ts";
import { settingsOf } from "./settings.ts";
import { type JobStatus, jobStatus, type UniqueStatus, uniqueStatus } from "./status.ts";
import { Submission } from "./submission.ts";
import type { Upstream } from "./upstream.ts";

type Request = Parameters<Upstream["ask"]>;

/** The options, whatever types the functions have. */
interface Options extends ServersOptions, ClientSettings {
  readonly codec?: CodecName | Codec;
}

/** What a client tells to who listens. */
export interface ClientEvents {
  /** A server, as it was named in the options. */
  connected: [server: string];
  disconnected: [server: string, why: GearmanError];
  /** A job's server was lost, and the job goes to another, or to the same once it is back. */
  resubmitted: [job: { readonly function: string; readonly unique: string }, from: string, why: GearmanError];
}

/**
 * Submits jobs, to one server or many. It connects when it is first needed, and again whenever a connection is lost, until `close()`.
 *
 * What becomes of jobs when a server is lost is told in docs/failover.md.
 */
export class Client<F extends FunctionMap<F> = ClientBytesFunctions>
  extends EventEmitter<ClientEvents>
  implements AsyncDisposable
{
  readonly #codec: Codec;
  readonly #log: Logger;
  readonly #servers: Servers;
  readonly #open: Set<Submission> = new Set();
  #closing: Promise<void> | undefined;

  /** Throws a GearmanError (ADDRESS, ARGUMENT) if the options cannot be. */
  constructor(...[given]: Given<ClientOptions<F>>) {
    super();
    const options: Options = given ?? {};
    checkClientOptions(options);
    this.#codec = codecOf(options.codec ?? "bytes");
    this.#log = loggerOf(options);
    this.#servers = new Servers(settingsOf(options), {
      connected: (server) => this.#tell("connected", server),
      disconnected: (server, why) => this.#tell("disconnected", server, why),
      resubmitted: ({ function: name, unique }, from, why) =>
        this.#tell("resubmitted", { function: name, unique }, from, why),
    });
  }

  /**
   * Submits a job; resolves once a server has said that it has it (JOB_CREATED). Whoever submits faster than servers take jobs waits here.
   *
   * Rejects with a GearmanError: NO_SERVER, REFUSED, ARGUMENT, TIMEOUT, CLOSED; or with the reason of an aborted `signal`.
   */
  submit<Name extends NameOf<F>>(
    name: Name,
    workload: WorkloadOf<F, Name>,
    options: SubmitOptions & InBackground,
  ): Promise<BackgroundJob>;
  submit<Name extends NameOf<F>>(
    name: Name,
    workload: WorkloadOf<F, Name>,
    options?: SubmitOptions & InForeground,
  ): Promise<Job<ResultOf<F, Name>, DataOf<F, Name>>>;
  submit<Name extends NameOf<F>>(
    name: Name,
    workload: WorkloadOf<F, Name>,
    options: SubmitOptions,
  ): Promise<BackgroundJob | Job<ResultOf<F, Name>, DataOf<F, Name>>>;
  async submit(name: string, workload: unknown, options: SubmitOptions = {}): Promise<unknown> {
    const submission = this.#submission(name, workload, options);
    await submission.created.promise;
    if (!submission.request.background) return new Job(submission);
    const { unique, server, handle } = submission;
    return { function: name, unique, server, handle };
  }

  /** Submits a job and resolves with its result. */
  async run<Name extends NameOf<F>>(
    name: Name,
    workload: WorkloadOf<F, Name>,
    options: SubmitOptions & InForeground = {},
  ): Promise<ResultOf<F, Name>> {
    const job = await this.submit(name, workload, { ...options, background: false });
    return job.result;
  }

  /** What the server knows of a job; a handle alone is asked for at all servers that are up, as they may all have one like it. */
  async status(job: { readonly server: string; readonly handle: string } | string): Promise<JobStatus> {
    const { server, handle } = typeof job === "string" ? { server: "", handle: job } : job;
    const args = [toWire("handle", handle)];
    return known(await this.#ask(server, jobStatus, "GET_STATUS", args));
  }

  /** What the servers know of the jobs with that unique, of whatever function. */
  async statusByUnique(unique: string): Promise<UniqueStatus> {
    return known(await this.#ask("", uniqueStatus, "GET_STATUS_UNIQUE", [toWire("unique", unique)]));
  }

  /** Has all servers that are up answer; resolves with what the first of them sent back. */
  async echo(data: Uint8Array | string = ""): Promise<Buffer> {
    const [echo] = await this.#ask("", (packet) => packet.data, "ECHO_REQ", [], Buffer.from(data));
    return echo;
  }

  /** Ends all connections; jobs without an outcome reject with CLOSED. What servers have acknowledged they keep. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #submission(name: string, workload: unknown, options: SubmitOptions): Submission {
    if (this.#closing !== undefined)
      throw new GearmanError("CLOSED", `the client is closed: "${name}" cannot be submitted`);
    checkSubmitOptions(options);
    const request = submitRequest(name, this.#codec.encode(workload), options);
    const submission = new Submission(request, this.#codec, options);
    this.#open.add(submission);
    submission.whenSettled(() => this.#open.delete(submission));
    this.#servers.place(submission);
    return submission;
  }

  #ask<Answer>(server: string, read: (packet: Packet) => Answer, ...request: Request): Promise<Answers<Answer>> {
    if (this.#closing === undefined) return ask(this.#servers, server, read, ...request);
    return Promise.reject(new GearmanError("CLOSED", "the client is closed"));
  }

  /** Listeners and the logger run on their own: one that throws has its error, and we go on. */
  #tell<Event extends keyof ClientEvents>(event: Event, ...about: ClientEvents[Event]): void {
    const [subject, ...details] = about;
    const reasons = details.map((detail) => (detail instanceof Error ? detail.message : detail));
    process.nextTick(() => {
      this.#log.info({ subject, reasons }, event);
      (this as EventEmitter).emit(event, ...about);
    });
  }

  async #close(): Promise<void> {
    for (const submission of this.#open)
      submission.fail(new GearmanError("CLOSED", "the client was closed before the job had an outcome"));
    await this.#servers.close();
  }
}
