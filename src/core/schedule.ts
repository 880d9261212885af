/** What a {@link Schedule} holds: an item knows its place in the heap, so that it can be taken out again. */
export interface Scheduled {
  /** Index in the heap, -1 when in none. Only the schedule writes it. */
  heapIndex: number;
  /** When it is due. Only the schedule writes it. */
  dueAt: number;
  /** Which setting of the schedule's it was: decides between items that are due at one time. Only the schedule writes it. */
  setAs: number;
}

/** Items by the time they are due, soonest first, and then by when they were set: a binary heap. An item is in one schedule at most. */
export class Schedule<T extends Scheduled> {
  readonly #heap: T[] = [];
  #settings = 0;

  /** When the soonest item is due; Infinity when there is none. */
  get next(): number {
    return this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  /** The soonest item. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Puts the item at that time, moving it if it is here already. */
  set(item: T, dueAt: number): void {
    item.dueAt = dueAt;
    item.setAs = ++this.#settings;
    if (item.heapIndex < 0) {
      item.heapIndex = this.#heap.length;
      this.#heap.push(item);
    }
    this.#settle(item);
  }

  /** Takes the item out; nothing happens if it is not here. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#place(last, index);
    this.#settle(last);
  }

  /** Takes out the soonest item if it is due by then. */
  takeDue(now: number): T | undefined {
    const soonest = this.#heap[0];
    if (soonest === undefined || soonest.dueAt > now) return undefined;
    this.remove(soonest);
    return soonest;
  }

  #settle(item: T): void {
    this.#rise(item);
    this.#sink(item);
  }

  #rise(item: T): void {
    while (item.heapIndex > 0) {
      const parent = this.#heap[(item.heapIndex - 1) >> 1];
      if (parent === undefined || before(parent, item)) return;
      this.#swap(item, parent);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#heap[2 * item.heapIndex + 1];
      const right = this.#heap[2 * item.heapIndex + 2];
      const child = right !== undefined && left !== undefined && before(right, left) ? right : left;
      if (child === undefined || before(item, child)) return;
      this.#swap(child, item);
    }
  }

  #swap(a: T, b: T): void {
    const index = a.heapIndex;
    this.#place(a, b.heapIndex);
    this.#place(b, index);
  }

  #place(item: T, index: number): void {
    this.#heap[index] = item;
    item.heapIndex = index;
  }
}

function before(a: Scheduled, b: Scheduled): boolean {
  return a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.setAs < b.setAs);
}
