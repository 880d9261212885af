/** How long to wait before a server is tried again: longer each time, and not all at once. */
export interface BackOffOptions {
  /** After the first failure, milliseconds. */
  readonly first: number;
  /** At the most, milliseconds. */
  readonly most: number;
}

export const DEFAULT_BACK_OFF: BackOffOptions = { first: 50, most: 5000 };

/** Doubles with each failure; each wait is drawn from its upper half, so that a fleet does not come back at one moment. */
export class BackOff {
  readonly #options: BackOffOptions;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackOffOptions = DEFAULT_BACK_OFF, random: () => number = Math.random) {
    this.#options = options;
    this.#random = random;
  }

  /** Milliseconds until the next attempt. */
  failed(): number {
    const { first, most } = this.#options;
    const wait = Math.min(most, first * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return wait / 2 + (this.#random() * wait) / 2;
  }

  succeeded(): void {
    this.#failures = 0;
  }
}
