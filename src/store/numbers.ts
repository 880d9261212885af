/** Numbers that are reserved at once, so that a start need not write for each job. */
export const BLOCK = 1_000_000;

/** Numbers for handles that were never given before: from blocks which the store has reserved. */
export class Numbers {
  readonly #ask: (upTo: number) => void;
  #last = 0;
  #reserved = 0;
  // Nothing is asked for before the start.
  #asked = Number.POSITIVE_INFINITY;

  /** @param ask reserves numbers, which is told by {@link reserved} */
  constructor(ask: (upTo: number) => void) {
    this.#ask = ask;
  }

  /** The numbers after `first`, up to `last`, may be given. */
  start(first: number, last: number): void {
    this.#last = first;
    this.#reserved = last;
    this.#asked = last;
  }

  /** Undefined: none is reserved. */
  next(): number | undefined {
    if (this.#reserved - this.#last < BLOCK / 2 && this.#asked === this.#reserved) {
      this.#asked += BLOCK;
      this.#ask(this.#asked);
    }
    return this.#last < this.#reserved ? ++this.#last : undefined;
  }

  /** Up to that number is reserved now; 0: as before. */
  reserved(upTo: number): void {
    this.#reserved = Math.max(this.#reserved, upTo);
  }
}
