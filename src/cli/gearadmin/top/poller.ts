/*
 * Looks at one server again and again.
 *
 *   connecting --connected, and an answer--> up --interval, or look()--> up, with new numbers
 *   connecting, up --no connection, no answer, an ERR--> down --back-off--> down, trying --an answer--> up
 *   any --stop()--> stopped
 */

import { deferred, orAfter } from "../../../lib/waiting.ts";
import { BackOff } from "../../../link/back-off.ts";
import { reasonOf } from "../../../link/errors.ts";
import type { DialOptions } from "../../../transport/dial.ts";
import { OPERATIONS } from "../operations.ts";
import { Unanswered } from "../problems.ts";
import { readReply } from "../reply.ts";
import type { AdminTarget } from "../servers.ts";
import { rowsOf, STATUS } from "../tables.ts";
import { TextSession } from "../text-session.ts";
import type { ServerView } from "./rows.ts";
import { type Counts, remember } from "./snapshots.ts";

const QUESTION = { line: OPERATIONS.status.command, reply: OPERATIONS.status.reply };

export interface PollerOptions {
  readonly dial: DialOptions;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The functions of a `status` reply. */
const functionsOf = (reply: string): ReadonlyMap<string, Counts> =>
  new Map(
    rowsOf(STATUS, reply).flatMap((row) => {
      if (!("cells" in row)) return [];
      const [name, total, running, workers] = row.cells;
      return [[String(name), { total: Number(total), running: Number(running), workers: Number(workers) }] as const];
    }),
  );

export class Poller {
  readonly #target: AdminTarget;
  readonly #options: PollerOptions;
  readonly #changed: () => void;
  readonly #backOff: BackOff = new BackOff();
  #session: TextSession | undefined;
  #stopped = false;
  #wake: () => void = () => {};
  #looks = 0;
  view: ServerView;

  constructor(target: AdminTarget, options: PollerOptions, changed: () => void) {
    this.#target = target;
    this.#options = options;
    this.#changed = changed;
    this.view = { name: target.name, state: "connecting", history: [] };
  }

  /** Looks that succeeded or failed so far. */
  get looks(): number {
    return this.#looks;
  }

  /** Settles once it is stopped. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#watch();
      } catch (error) {
        this.#failed(error);
        await this.#pause(this.#backOff.failed());
      }
    }
  }

  /** Does not wait for the next look's time. */
  look(): void {
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#session?.close();
    this.#wake();
  }

  async #watch(): Promise<void> {
    const session = await TextSession.open(this.#target, this.#options.dial);
    this.#session = session;
    try {
      while (!this.#stopped) {
        await this.#ask(session);
        await this.#pause(this.#options.interval);
      }
    } finally {
      session.close();
    }
  }

  async #ask(session: TextSession): Promise<void> {
    const said = readReply(QUESTION.reply, await session.ask(QUESTION));
    if (said.refused !== undefined) throw new Error(`it refused '${QUESTION.line}': ${said.refused}`);
    const snapshot = { at: this.#options.now(), functions: functionsOf(said.text) };
    this.#backOff.succeeded();
    this.#show({ name: this.#target.name, state: "up", history: remember(this.view.history, snapshot) });
  }

  #failed(error: unknown): void {
    if (this.#stopped) return;
    const why = error instanceof Unanswered ? error.why : reasonOf(error);
    this.#show({ name: this.#target.name, state: "down", why, history: [] });
  }

  #show(view: ServerView): void {
    this.view = view;
    this.#looks += 1;
    this.#changed();
  }

  async #pause(milliseconds: number): Promise<void> {
    if (this.#stopped) return;
    const { promise, resolve } = deferred<void>();
    this.#wake = resolve;
    await orAfter(milliseconds, promise);
  }
}
