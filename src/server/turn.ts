import { systemClock } from "../lib/system-clock.ts";
import type { Session } from "./session.ts";

/** How long connections are served in one turn of the event loop, all together, milliseconds. */
const LENGTH = 10;

/** HOT: messages between two looks at the clock, which costs more than many of them. */
const LOOK_EVERY = 8;

/**
 * The turn of the event loop that is under way, and its end: one write for all that a connection was sent in it.
 *
 *     idle --touch(), schedule()--> scheduled --setImmediate--> ended: idle, or scheduled again
 */
export class Turn {
  readonly #now: () => number;
  readonly #ended: (served: readonly Session[]) => void;
  /** Sessions with something to send or look at when it ends. */
  #touched: Session[] = [];
  #scheduled = false;
  readonly #onEnd = (): void => this.#end();
  /** Until when connections are served in it, monotonic milliseconds. */
  #until = 0;
  /** Messages that were served. */
  #messages = 0;

  /**
   * @param now monotonic milliseconds, which may be as of the beginning of the turn
   * @param ended called when all output is flushed, with whom it was of
   */
  constructor(now: () => number, ended: (served: readonly Session[]) => void) {
    this.#now = now;
    this.#ended = ended;
  }

  /** To be asked after each message, all connections together: whether others are to have their turn. */
  isOver(): boolean {
    return ++this.#messages % LOOK_EVERY === 0 && systemClock.monotonic() > this.#until;
  }

  /** The message that is served may take as long as thousands of others: the clock is looked at after it. */
  lookNext(): void {
    this.#messages = -1;
  }

  /** Something is to be done for this session when it ends. */
  touch(session: Session): void {
    if (session.touched) return;
    session.touched = true;
    this.#touched.push(session);
    this.schedule();
  }

  /** Something is to be done when it ends. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Before the clock is asked, which counts on an immediate of its own: so the turn's end has the turn's time, and no turn more is needed.
    setImmediate(this.#onEnd);
    this.#until = this.#now() + LENGTH;
  }

  #end(): void {
    this.#scheduled = false;
    const served = this.#touched;
    this.#touched = [];
    for (const session of served) session.turnEnded();
    this.#ended(served);
    // What was flushed and printed is not taken from the time of the connections.
    if (this.#scheduled) this.#until = systemClock.monotonic() + LENGTH;
  }
}
