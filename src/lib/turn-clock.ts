import { systemClock } from "./system-clock.ts";

/**
 * The machine's time as it was when it was first asked for in this turn of the event loop: asking again costs nothing. Turns are short;
 * who measures one asks {@link systemClock}.
 */
export class TurnClock {
  readonly wall: () => number = systemClock.wall;
  #now = 0;
  #fresh = false;
  readonly #turnEnded = (): void => {
    this.#fresh = false;
  };

  readonly monotonic = (): number => {
    if (this.#fresh) return this.#now;
    this.#fresh = true;
    setImmediate(this.#turnEnded);
    this.#now = systemClock.monotonic();
    return this.#now;
  };
}
