import { EventEmitter } from "node:events";
import type { Logger } from "../lib/log.ts";
import { Conditions } from "../lib/waiting.ts";
import { type Target, targetsOf } from "../link/address.ts";
import { type Codec, type CodecName, codecOf } from "../link/codec.ts";
import { GearmanError, reasonOf } from "../link/errors.ts";
import type { DataOf, FunctionMap, Given, NameOf, ResultOf, WorkloadOf } from "../link/functions.ts";
import { loggerOf, openOptions, type ServersOptions, serversOf } from "../link/options.ts";
import { toWire } from "../link/wire-text.ts";
import type { Ability } from "./attempt.ts";
import { checkCloseOptions, checkRegisterOptions, checkWorkerOptions } from "./check-options.ts";
import type { Context, WorkerEvents } from "./context.ts";
import type { Handler } from "./handler.ts";
import { Lane } from "./lane.ts";
import {
  type CloseOptions,
  DEFAULT_CONCURRENCY,
  DEFAULT_HEARTBEAT,
  type RegisterOptions,
  type WorkerBytesFunctions,
  type WorkerLimits,
  type WorkerOptions,
} from "./options.ts";
import { Slots } from "./slots.ts";
import { BEATS } from "./vigil.ts";

/** The options, whatever types the functions have. */
interface Options extends ServersOptions, WorkerLimits {
  readonly codec?: CodecName | Codec;
}

/** What a function was registered as, and where. */
interface Registered {
  readonly ability: Ability;
  readonly lane: Lane;
  leaving?: Promise<void>;
}

/**
 * Does jobs for one or more Gearman job servers. The process stays alive while it is open.
 *
 *     open --close(), or maxJobs were taken--> closing (what runs goes on) --> closed
 *
 * @example
 * const worker = new Worker({ servers: ["a:4730", "b:4730"] });
 * worker.register("reverse", (job) => job.text().split("").reverse().join(""));
 */
export class Worker<F extends FunctionMap<F> = WorkerBytesFunctions>
  extends EventEmitter<WorkerEvents>
  implements AsyncDisposable
{
  readonly #targets: readonly Target[];
  readonly #concurrency: number;
  readonly #maxJobs: number;
  readonly #log: Logger;
  readonly #context: Context;
  readonly #registered: Map<string, Registered> = new Map();
  readonly #lanes: Set<Lane> = new Set();
  readonly #conditions: Conditions = new Conditions();
  /** Also keeps the process alive. */
  readonly #pulse: NodeJS.Timeout;
  #shared: Lane | undefined;
  #taken = 0;
  #closing: Promise<void> | undefined;

  /** Throws a GearmanError (ADDRESS, ARGUMENT) if the options cannot be. */
  constructor(...[options]: Given<WorkerOptions<F>>) {
    super();
    const given: Options = options ?? {};
    const { concurrency = DEFAULT_CONCURRENCY, heartbeat = DEFAULT_HEARTBEAT, maxJobs } = given;
    checkWorkerOptions(given);
    this.#targets = targetsOf(serversOf(given));
    this.#concurrency = concurrency;
    this.#maxJobs = maxJobs ?? Number.POSITIVE_INFINITY;
    this.#log = loggerOf(given);
    this.#context = this.#makeContext(given);
    this.#pulse = setInterval(() => this.#beat(), heartbeat / BEATS);
  }

  /**
   * Takes jobs of a function, from all servers; connects by itself. Throws a GearmanError: ARGUMENT if it cannot be, or is registered
   * already, CLOSED if the worker is closing.
   */
  register<Name extends NameOf<F>>(
    name: Name,
    handler: Handler<WorkloadOf<F, Name>, ResultOf<F, Name>, DataOf<F, Name>>,
    options: RegisterOptions = {},
  ): this {
    this.#checkOpen();
    checkRegisterOptions(options);
    if (this.#registered.has(name)) throw new GearmanError("ARGUMENT", `the function ${name} is registered already`);
    const ability = abilityOf(name, handler as Handler, options);
    const lane = this.#laneFor(options.concurrency);
    this.#registered.set(name, { ability, lane });
    lane.add(ability);
    return this;
  }

  /**
   * Takes no more jobs of a function, and settles once those that run have ended: gearmand would give them to another worker.
   * Until then, the connections on which they run take no other jobs of functions that share its places.
   */
  async unregister(name: NameOf<F>): Promise<void> {
    const registered = this.#registered.get(name);
    if (registered === undefined) return;
    registered.leaving ??= this.#remove(registered);
    await registered.leaving;
  }

  /** Settles once every function that is registered is known to at least one server. Rejects with CLOSED if the worker closes first. */
  async ready(): Promise<void> {
    const known = ({ ability, lane }: Registered): boolean => lane.knows(ability.wireName);
    await this.#conditions.until(() => this.#closing !== undefined || [...this.#registered.values()].every(known));
    this.#checkOpen();
  }

  /**
   * Takes no more jobs, lets those that run end, sends their results and leaves. Called again, it is the same promise, and the shortest
   * `timeout` counts.
   */
  close(options: CloseOptions = {}): Promise<void> {
    checkCloseOptions(options);
    const { timeout } = options;
    this.#closing ??= this.#close();
    if (timeout !== undefined) this.#cutAfter(timeout);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #makeContext(options: Options): Context {
    return {
      open: openOptions(options),
      codec: codecOf(options.codec ?? "bytes"),
      log: this.#log,
      tell: (name, ...args) => this.#tell(name, args),
      budget: new Slots(this.#maxJobs),
      started: () => this.#started(),
      changed: () => this.#changed(),
    };
  }

  #laneFor(concurrency: number | undefined): Lane {
    if (concurrency !== undefined) return this.#openLane(concurrency);
    this.#shared ??= this.#openLane(this.#concurrency);
    return this.#shared;
  }

  #openLane(concurrency: number): Lane {
    const lane = new Lane(concurrency, this.#targets, this.#context);
    this.#lanes.add(lane);
    return lane;
  }

  async #remove({ ability, lane }: Registered): Promise<void> {
    if (lane === this.#shared) await lane.remove(ability);
    else await this.#closeLane(lane);
    this.#registered.delete(ability.name);
    this.#conditions.check();
  }

  async #closeLane(lane: Lane): Promise<void> {
    await lane.close();
    this.#lanes.delete(lane);
  }

  #started(): void {
    this.#taken += 1;
    if (this.#taken === this.#maxJobs) void this.close();
  }

  #changed(): void {
    for (const lane of this.#lanes) lane.share();
    this.#conditions.check();
  }

  #beat(): void {
    for (const lane of this.#lanes) lane.beat();
  }

  async #close(): Promise<void> {
    const lanes = Promise.all([...this.#lanes].map((lane) => this.#closeLane(lane)));
    // Who waits in `ready` is told once `close` has returned.
    queueMicrotask(() => this.#conditions.check());
    await lanes;
    clearInterval(this.#pulse);
    this.#tell("closed", []);
  }

  #cutAfter(timeout: number): void {
    const why = new GearmanError("CLOSED", `the worker was closed, and what still ran had ${timeout} ms to end`);
    const cut = (): void => {
      for (const lane of this.#lanes) lane.cut(why);
    };
    // Each call has a timer of its own, so the first that fires is the shortest.
    const timer = setTimeout(cut, timeout);
    void this.#closing?.finally(() => clearTimeout(timer));
  }

  /** What a listener throws is its own affair: it is said as a warning of the process, and the job goes on. */
  #tell<Name extends keyof WorkerEvents>(name: Name, args: WorkerEvents[Name]): void {
    try {
      (this as EventEmitter).emit(name, ...args);
    } catch (error) {
      process.emitWarning(`a listener of the worker's event "${name}" threw: ${reasonOf(error)}`);
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new GearmanError("CLOSED", "the worker was closed");
  }
}

function abilityOf(name: string, handler: Handler, { timeout }: RegisterOptions): Ability {
  return { name, wireName: toWire("function", name), handler, timeout, leaving: false };
}
