/** What waits for its turn. `Array.shift` moves all that is left; here each value is moved once at the most. */
export class Fifo<T> implements Iterable<T> {
  #values: T[] = [];
  /** Where the first value is that was not taken yet. */
  #head = 0;

  get length(): number {
    return this.#values.length - this.#head;
  }

  get first(): T | undefined {
    return this.#values[this.#head];
  }

  push(value: T): void {
    this.#values.push(value);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const first = this.first;
    this.#head += 1;
    // Only when half is taken: so that a long queue costs no more for each than a short one.
    if (this.#head * 2 >= this.#values.length) this.#values = this.takeAll();
    return first;
  }

  takeAll(): T[] {
    const all = this.#values.slice(this.#head);
    this.#values = [];
    this.#head = 0;
    return all;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#values.slice(this.#head).values();
  }
}
