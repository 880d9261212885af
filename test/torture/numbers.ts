const BLOCK = 2 ** 16;

/** A set of whole numbers that come in dense runs, as those of handles do: a bit for each. */
export class Numbers {
  readonly #blocks: Map<number, Uint8Array> = new Map();

  add(number: number): void {
    const block = Math.floor(number / BLOCK);
    const bits = this.#blocks.get(block) ?? new Uint8Array(BLOCK / 8);
    this.#blocks.set(block, bits);
    const at = (number % BLOCK) >> 3;
    bits[at] = (bits[at] ?? 0) | (1 << (number & 7));
  }

  has(number: number): boolean {
    const bits = this.#blocks.get(Math.floor(number / BLOCK));
    return (((bits?.[(number % BLOCK) >> 3] ?? 0) >> (number & 7)) & 1) === 1;
  }
}
