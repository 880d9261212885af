import { LONGEST_TIMER } from "../lib/waiting.ts";
import type { Hub } from "./hub.ts";

/** The one timer: calls the core when it says that something is due. */
export class Ticker {
  readonly #hub: Hub;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Sees to it that the timer fires in time for what the core has to do next. */
  arm(): void {
    const wait = this.#hub.core.untilTick();
    const at = this.#hub.now + wait;
    if (at >= this.#firesAt) return;
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.ceil(wait), LONGEST_TIMER));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#firesAt = Number.NEGATIVE_INFINITY;
  }

  #fire(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    this.#hub.deliver(this.#hub.core.tick());
  }
}
