import { setTimeout } from "node:timers/promises";
import type { Target } from "../link/address.ts";
import { BackOff } from "../link/back-off.ts";
import { GearmanError } from "../link/errors.ts";
import { openLink } from "../link/open-link.ts";
import type { Context } from "./context.ts";
import { type Crew, Session } from "./session.ts";

/**
 * One server for one lane: connects, and does so again for ever.
 *
 *     connecting --the link stands--> serving (its Session tells how)
 *     connecting --it fails--> waiting, longer each time --> connecting
 *     serving --the link is lost--> waiting
 *     any --close()--> closed, once what runs has ended
 */
export class Station {
  readonly #target: Target;
  readonly #crew: Crew;
  readonly #context: Context;
  readonly #backOff: BackOff = new BackOff();
  readonly #stop: AbortController = new AbortController();
  readonly #serving: Promise<void>;
  #session: Session;
  /** Whether the last that was told is that the server is gone. */
  #down = false;

  constructor(target: Target, crew: Crew, context: Context) {
    this.#target = target;
    this.#crew = crew;
    this.#context = context;
    this.#session = new Session(crew, context);
    this.#serving = this.#serve();
  }

  /** The connection that stands, or the last that stood. */
  get session(): Session {
    return this.#session;
  }

  /** Takes no more jobs; settles once what runs has ended and the connection is closed. */
  async close(): Promise<void> {
    this.#stop.abort(new GearmanError("CLOSED", "the worker was closed"));
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#visit(signal);
      // It rejects when the station is closed: then there is nothing to wait for.
      if (!signal.aborted) await setTimeout(this.#backOff.failed(), undefined, { signal }).catch(() => {});
    }
  }

  /** One connection, from the attempt to its end. */
  async #visit(signal: AbortSignal): Promise<void> {
    const session = new Session(this.#crew, this.#context);
    try {
      const link = await openLink(this.#target, this.#context.open, signal);
      link.receiver = session;
      this.#session = session;
      session.start(link);
    } catch (error) {
      return this.#unreachable(error as GearmanError);
    }
    this.#down = false;
    this.#context.log.info({ server: this.#target.name }, "connected");
    this.#context.tell("connected", this.#target.name);
    const leave = (): void => void session.leave();
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave);
    const why = await session.ended();
    signal.removeEventListener("abort", leave);
    // A server that takes connections and says nothing is not back.
    if (session.heard) this.#backOff.succeeded();
    this.#unreachable(why);
  }

  #unreachable(why: GearmanError): void {
    if (this.#stop.signal.aborted) return;
    this.#context.log.warn({ server: this.#target.name, err: why }, "not connected; it is tried again");
    if (this.#down) return;
    this.#down = true;
    this.#context.tell("disconnected", this.#target.name, why);
  }
}
