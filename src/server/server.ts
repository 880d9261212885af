import { createHash } from "node:crypto";
import { zeroCounters } from "../core/counters.ts";
import { JobServer } from "../core/job-server.ts";
import type { Limits } from "../core/limits.ts";
import type { Clock } from "../core/types.ts";
import { asBuffer } from "../lib/bytes.ts";
import { systemClock } from "../lib/system-clock.ts";
import { TurnClock } from "../lib/turn-clock.ts";
import { VERSION } from "../lib/version.ts";
import { Conditions, type Deferred, deferred, orAfter } from "../lib/waiting.ts";
import { DURABILITIES, type DurabilityName } from "../store/durability.ts";
import type { Store } from "../store/store.ts";
import type { StoreError } from "../store/store-error.ts";
import type { Connection } from "../transport/connection.ts";
import { MemoryConnection } from "../transport/memory-connection.ts";
import type { BoundAddress, TransportLimits } from "../transport/options.ts";
import { completeOptions } from "./check-options.ts";
import { CONNECTION_COUNTERS } from "./counters.ts";
import { Doors } from "./doors.ts";
import { Hub } from "./hub.ts";
import { limitsThatFit } from "./machine.ts";
import type { ServerOptions } from "./options.ts";
import { recover } from "./recover.ts";
import { type ServerStats, statsOf } from "./stats.ts";
import { storeOf } from "./store-of.ts";
import { Sweeper } from "./sweeper.ts";
import { Ticker } from "./ticker.ts";

/** How long connections have to take their last bytes when the server closes, milliseconds. */
const LAST_WORDS = 500;

/** Any long time, milliseconds. */
const ALIVE = 2 ** 30;

/**
 * A Gearman job server.
 *
 *     new     --start()--> serving
 *     serving --stop()--> draining --no job runs, or drainTimeout--> closed
 *     serving --stopWhenEmpty()--> emptying (no new connections) --no job is left--> closed
 *     emptying --stop()--> draining
 */
export class Server {
  readonly #options: ServerOptions;
  readonly #store: Store;
  readonly #hub: Hub;
  readonly #ticker: Ticker;
  readonly #sweeper: Sweeper;
  readonly #doors: Doors;
  /** Looked at when a turn ends. */
  readonly #conditions: Conditions = new Conditions();
  #stopping: Promise<void> | undefined;
  #emptying: Promise<void> | undefined;
  readonly #closed: Deferred<void> = deferred<void>();

  constructor(given: ServerOptions, store: Store) {
    const options = { ...given, ...limitsThatFit(given) };
    this.#options = options;
    this.#store = store;
    const counters = zeroCounters(CONNECTION_COUNTERS);
    const clock = new TurnClock();
    this.#hub = new Hub({
      core: makeCore(options, store, clock),
      store,
      clock,
      log: options.logger,
      limits: options.transport,
      counters,
      exceptions: options.exceptions,
      admin: {
        version: VERSION,
        pid: process.pid,
        verbosity: options.verbosity,
        allowShutdown: options.allowShutdown,
        store: () => storeFigures(store),
        shutdown: (graceful) => void (graceful ? this.stopWhenEmpty() : this.stop()),
      },
      gone: (connection) => this.#doors.released(connection),
      turnEnded: () => this.#turnEnded(),
    });
    this.#ticker = new Ticker(this.#hub);
    this.#sweeper = new Sweeper(this.#hub);
    void store.failed.then((error) => this.#fail(error));
    this.#doors = new Doors(options, counters, {
      now: systemClock.monotonic,
      inside: () => this.#hub.size,
      enter: (connection) => this.#hub.connect(connection),
    });
  }

  /** What is kept, and what a crash loses: see DURABILITIES. */
  get durability(): DurabilityName {
    return this.#store.durability;
  }

  /** The bounds in force: what this process allows stands where 0 was given for it. */
  get limits(): Limits & TransportLimits {
    return { ...this.#options.limits, ...this.#options.transport };
  }

  /**
   * Settles when the server has stopped, whoever asked it to. Rejects with a StoreError when the store can keep no promise any more:
   * all connections are gone then, and the process should end without delay, by a signal, so that nothing more is written.
   */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /**
   * Takes in the jobs of the data directory, then opens the ports. Rejects with a StartError, and opens none, if one cannot be opened;
   * with a StoreError if the data directory cannot be used.
   */
  async start(): Promise<readonly BoundAddress[]> {
    await recover(this.#hub.core, this.#store, this.#options.logger);
    return this.#doors.open();
  }

  /** A connection without a socket. */
  connect(): Connection {
    const [ours, theirs] = MemoryConnection.pair();
    this.#doors.admit(ours);
    return theirs;
  }

  /** Stops: no new connections and jobs; running jobs have `drainTimeout` to finish; then all is closed. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** As gearmand on SIGUSR1: no new connections, but those that are there go on, with new jobs too, until none is left. */
  stopWhenEmpty(): Promise<void> {
    this.#emptying ??= this.#stopWhenEmpty();
    return this.#emptying;
  }

  /** Reads the TLS files again; connections made from now on see them. Settles with false if there are none. */
  async reload(): Promise<boolean> {
    return this.#doors.reload();
  }

  /** A snapshot of the counters and of what is held now. */
  stats(): ServerStats {
    return statsOf(this.#hub);
  }

  /** The store can keep no promise any more: nobody is told anything from now on. */
  #fail(error: StoreError): void {
    this.#options.logger.fatal({ error: error.message }, "the queue cannot be stored any more: the server stops");
    this.#doors.close();
    for (const session of this.#hub.sessions()) session.connection.destroy();
    this.#ticker.stop();
    this.#sweeper.stop();
    this.#closed.reject(error);
  }

  #turnEnded(): void {
    this.#ticker.arm();
    this.#conditions.check();
  }

  async #stopWhenEmpty(): Promise<void> {
    // Without ports and connections nothing else keeps the process, and the jobs in it, alive.
    const alive = setInterval(() => {}, ALIVE);
    this.#doors.close();
    await Promise.race([this.#conditions.until(() => this.#hub.core.gauges.jobs === 0), this.closed]);
    clearInterval(alive);
    await this.stop();
  }

  async #stop(): Promise<void> {
    for (const step of this.#stopSteps) await step();
    this.#closed.resolve();
  }

  /** The order matters: who waits for a commit is answered before his connection goes, and what ends then is still stored. */
  readonly #stopSteps: readonly (() => void | Promise<void>)[] = [
    () => this.#doors.close(),
    () => this.#hub.deliver(this.#hub.core.drain()),
    () => this.#runningJobsEnd(),
    () => this.#store.flush().catch(() => {}), // a store that has failed has said so: see #fail
    () => this.#closeSessions(),
    () => this.#store.close().catch(() => {}),
    () => this.#ticker.stop(),
    () => this.#sweeper.stop(),
  ];

  #runningJobsEnd(): Promise<void> {
    const none = this.#conditions.until(() => this.#hub.core.gauges.running === 0);
    return orAfter(this.#options.drainTimeout, none);
  }

  async #closeSessions(): Promise<void> {
    for (const session of this.#hub.sessions()) session.hangUp();
    await orAfter(
      LAST_WORDS,
      this.#conditions.until(() => this.#hub.size === 0),
    );
    for (const session of this.#hub.sessions()) session.connection.destroy();
  }
}

/** A server that has yet to be started. What is not given is as in DEFAULT_OPTIONS. Throws TypeError or RangeError that names a wrong option. */
export function createServer(options: Partial<ServerOptions> = {}): Server {
  const complete = completeOptions(options);
  return new Server(complete, storeOf(complete));
}

/** The mode with what it survives, then the counts. */
function storeFigures({ durability, stats }: Store): [string, string | number][] {
  const { crash, powerLoss } = DURABILITIES[durability];
  return [["durability", durability], ["crash", crash], ["powerLoss", powerLoss], ...Object.entries(stats)];
}

function makeCore(options: ServerOptions, store: Store, clock: Clock): JobServer {
  return new JobServer({
    clock,
    digest: (workload) => createHash("sha256").update(asBuffer(workload)).digest("base64"),
    nextNumber: () => store.nextNumber(),
    handlePrefix: `${options.jobHandlePrefix}:`,
    jobRetries: options.jobRetries,
    workerWakeup: options.workerWakeup,
    limits: options.limits,
  });
}
