/** What an item of a {@link List} carries: its neighbours. An item is in one list at most. */
export interface Linked<T> {
  previous: T | undefined;
  next: T | undefined;
}

/** What stands for an item in a second list. */
export class Entry<T> implements Linked<Entry<T>> {
  readonly item: T;
  previous: Entry<T> | undefined;
  next: Entry<T> | undefined;

  constructor(item: T) {
    this.item = item;
  }
}

/** A first-in first-out list whose items know their neighbours, so that one can leave from the middle at no cost. */
export class List<T extends Linked<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get first(): T | undefined {
    return this.#first;
  }

  get last(): T | undefined {
    return this.#last;
  }

  get size(): number {
    return this.#size;
  }

  append(item: T): void {
    item.previous = this.#last;
    item.next = undefined;
    if (this.#last === undefined) this.#first = item;
    else this.#last.next = item;
    this.#last = item;
    this.#size++;
  }

  prepend(item: T): void {
    item.previous = undefined;
    item.next = this.#first;
    if (this.#first === undefined) this.#last = item;
    else this.#first.previous = item;
    this.#first = item;
    this.#size++;
  }

  /** Takes out an item that is in this list. */
  remove(item: T): void {
    if (item.previous === undefined) this.#first = item.next;
    else item.previous.next = item.next;
    if (item.next === undefined) this.#last = item.previous;
    else item.next.previous = item.previous;
    item.previous = undefined;
    item.next = undefined;
    this.#size--;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let item = this.#first; item !== undefined; ) {
      const { next } = item; // The item may be removed while the caller holds it.
      yield item;
      item = next;
    }
  }
}
