/** How many bytes of unfinished messages all connections may hold together. */
export interface InputBudget {
  held: number;
  readonly max: number;
}

/** The least memory taken for a message that spans chunks, bytes. */
const SMALLEST = 256;

const NOTHING = Buffer.alloc(0);

/** Memory is taken for so many times what has come, if as much is promised: of much, the machine gives only what is written to. */
const AHEAD = 2;
const MUCH = 16 * 1024;
const FAR_AHEAD = 64;

/** What there is room for before a read, if the message is that long. */
const ROOM = 64 * 1024;

/** The bytes of a message that has not come whole yet, in memory that grows as they come. */
export class HeldBytes {
  readonly #budget: InputBudget;
  readonly #allocate: (size: number) => Buffer;
  #buffer: Buffer = NOTHING;
  #size = 0;

  /** @param allocate makes memory that is handed over with the message */
  constructor(budget: InputBudget, allocate: (size: number) => Buffer) {
    this.#budget = budget;
    this.#allocate = allocate;
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
    if (!this.#granted(bytes.length)) return false;
    const buffer = this.#grown(this.#size + bytes.length, expected);
    bytes.copy(buffer, this.#size);
    this.#add(bytes.length);
    return true;
  }

  /** Memory for what comes next of a message of that size, which has begun and is not whole. */
  room(expected: number): Buffer {
    const buffer = this.#grown(Math.min(this.#size + ROOM, expected), expected);
    return buffer.subarray(this.#size, Math.min(buffer.length, expected));
  }

  /** So many bytes have been put into the {@link room}; false, and they are not held, if that would pass the budget. */
  filled(size: number): boolean {
    if (!this.#granted(size)) return false;
    this.#add(size);
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

  #granted(more: number): boolean {
    return this.#size + more <= SMALLEST || this.#budget.held + more <= this.#budget.max;
  }

  #add(bytes: number): void {
    this.#size += bytes;
    this.#budget.held += bytes;
  }

  #grown(needed: number, expected: number): Buffer {
    const old = this.#buffer;
    if (old.length >= needed) return old;
    const ahead = Math.max(SMALLEST, needed * (expected > 0 && needed >= MUCH ? FAR_AHEAD : AHEAD));
    const grown = this.#allocate(expected >= needed ? Math.min(ahead, expected) : ahead);
    old.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
    return grown;
  }
}
