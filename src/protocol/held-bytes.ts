/** How many bytes of unfinished messages all connections may hold together. */
export interface InputBudget {
  held: number;
  readonly max: number;
}

/** The least memory taken for a message that spans chunks, bytes. */
const SMALLEST = 256;

const NOTHING = Buffer.alloc(0);

/** The bytes of a message that has not come whole yet, in memory at most twice as large as what has come. */
export class HeldBytes {
  readonly #budget: InputBudget;
  #buffer: Buffer = NOTHING;
  #size = 0;

  constructor(budget: InputBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds bytes; false, and nothing happens, if that would pass the budget. What a header or a usual line needs is always granted.
   *
   * @param expected size of the whole message if it is known, 0 otherwise
   */
  append(bytes: Buffer, expected: number): boolean {
    const size = this.#size + bytes.length;
    if (size > SMALLEST && this.#budget.held + bytes.length > this.#budget.max) return false;
    const buffer = this.#room(size, expected);
    bytes.copy(buffer, this.#size);
    this.#size = size;
    this.#budget.held += bytes.length;
    return true;
  }

  /** What is held, still held. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }

  /** What was held: it is the caller's now. */
  take(): Buffer {
    const bytes = this.bytes();
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#budget.held -= this.#size;
    this.#buffer = NOTHING;
    this.#size = 0;
  }

  #room(needed: number, expected: number): Buffer {
    const old = this.#buffer;
    if (old.length >= needed) return old;
    const doubled = Math.max(SMALLEST, needed * 2);
    // Not from the pool: the memory is handed over with the message.
    const grown = Buffer.allocUnsafeSlow(expected >= needed ? Math.min(doubled, expected) : doubled);
    old.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
    return grown;
  }
}
