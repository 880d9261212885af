import { createHash } from "node:crypto";
import { zeroCounters } from "../core/counters.ts";
import { HandleSource } from "../core/handles.ts";
import { JobServer } from "../core/job-server.ts";
import { systemClock } from "../lib/system-clock.ts";
import { VERSION } from "../lib/version.ts";
import { MemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { Connection } from "../transport/connection.ts";
import { MemoryConnection } from "../transport/memory-connection.ts";
import type { BoundAddress } from "../transport/options.ts";
import { CONNECTION_COUNTERS } from "./counters.ts";
import { Doors } from "./doors.ts";
import { Hub } from "./hub.ts";
import { DEFAULT_OPTIONS, type ServerOptions } from "./options.ts";
import { type ServerStats, statsOf } from "./stats.ts";
import { Sweeper } from "./sweeper.ts";
import { Ticker } from "./ticker.ts";

/** How long connections have to take their last bytes when the server closes, milliseconds. */
const LAST_WORDS = 500;

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
  /** Called at the end of each turn while somebody waits for the server to be done. */
  #checks: Set<() => void> = new Set();
  #stopping: Promise<void> | undefined;
  #emptying: Promise<void> | undefined;
  readonly #closed: PromiseWithResolvers = promiseWithResolvers();

  constructor(options: ServerOptions, store: Store) {
    this.#options = options;
    this.#store = store;
    const counters = zeroCounters(CONNECTION_COUNTERS);
    this.#hub = new Hub({
      core: makeCore(options),
      store,
      clock: systemClock,
      log: options.logger,
      limits: options.transport,
      counters,
      exceptions: options.exceptions,
      admin: {
        version: VERSION,
        pid: process.pid,
        verbosity: options.verbosity,
        allowShutdown: options.allowShutdown,
        shutdown: (graceful) => void (graceful ? this.stopWhenEmpty() : this.stop()),
      },
      gone: (connection) => this.#doors.released(connection),
      turnEnded: () => this.#turnEnded(),
    });
    this.#ticker = new Ticker(this.#hub);
    this.#sweeper = new Sweeper(this.#hub);
    this.#doors = new Doors(options, counters, (connection) => this.#hub.connect(connection));
  }

  /** What is kept, and what a crash loses. */
  get promise(): string {
    return this.#store.promise;
  }

  /** Settles when the server has stopped, whoever asked it to. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Opens the ports. Rejects with a StartError, and opens none, if one cannot be opened. */
  start(): Promise<readonly BoundAddress[]> {
    return this.#doors.open();
  }

  /** A connection without a socket. */
  connect(): Connection {
    const [ours, theirs] = MemoryConnection.pair();
    this.#hub.connect(ours);
    return theirs;
  }

  /** Stops: no new connections and jobs; running jobs have `drainTimeout` to finish; then all is closed. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** As gearmand on SIGUSR1: no new connections, but those that are there go on, with new jobs too, until none is left. */
  stopWhenEmpty(): Promise<void> {
    this.#emptying ??= this.#stopWhenEmpty();
    return this.#emptying;
  }

  /** Reads the TLS files again; connections made from now on see them. */
  async reload(): Promise<void> {
    this.#doors.reload();
  }

  /** A snapshot of the counters and of what is held now. */
  stats(): ServerStats {
    return statsOf(this.#hub);
  }

  #turnEnded(): void {
    this.#ticker.arm();
    for (const check of this.#checks) check();
  }

  async #stopWhenEmpty(): Promise<void> {
    this.#doors.close();
    await Promise.race([this.#until(() => this.#hub.core.gauges.jobs === 0), this.closed]);
    await this.stop();
  }

  async #stop(): Promise<void> {
    this.#doors.close();
    this.#hub.deliver(this.#hub.core.drain());
    await this.#orAfter(
      this.#options.drainTimeout,
      this.#until(() => this.#hub.core.gauges.running === 0),
    );
    await this.#store.close();
    await this.#closeSessions();
    this.#ticker.stop();
    this.#sweeper.stop();
    this.#closed.resolve();
  }

  async #closeSessions(): Promise<void> {
    for (const session of this.#hub.sessions()) session.end();
    await this.#orAfter(
      LAST_WORDS,
      this.#until(() => this.#hub.sessions().next().done === true),
    );
    for (const session of this.#hub.sessions()) session.connection.destroy();
  }

  /** Settles at the end of the first turn at which that is so. */
  #until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!done()) return;
        this.#checks.delete(check);
        resolve();
      };
      this.#checks.add(check);
    });
  }

  async #orAfter(milliseconds: number, event: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([event, timeout]);
    clearTimeout(timer);
  }
}

/** A server that has yet to be started. What is not given is as in DEFAULT_OPTIONS. */
export function createServer(options: Partial<ServerOptions> = {}): Server {
  return new Server({ ...DEFAULT_OPTIONS, ...options }, new MemoryStore());
}

function makeCore(options: ServerOptions): JobServer {
  const handles = new HandleSource(options.jobHandlePrefix);
  return new JobServer({
    clock: systemClock,
    digest: (workload) => createHash("sha256").update(workload).digest("base64"),
    nextHandle: () => handles.next(),
    jobRetries: options.jobRetries,
    workerWakeup: options.workerWakeup,
    limits: options.limits,
  });
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function promiseWithResolvers(): PromiseWithResolvers {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
