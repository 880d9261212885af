import type { Connection } from "./connection.ts";

/** The most that is handed to the kernel at a time: so a slow peer's progress can be seen, bytes. */
const SLICE = 256 * 1024;

/** What a waiting buffer or slot costs beside its bytes: a flood of small packets must not hold ten times what the limits say. */
const PER_BUFFER = 128;

/** Stands where an entry was. */
const TAKEN = Buffer.alloc(0);

const NOTHING: readonly Buffer[] = [];

/** A place in the order of output whose bytes are not known yet. */
export class Slot {
  /** What is known so far and was not taken yet. */
  buffers: readonly Buffer[] = NOTHING;
  complete = false;
}

/** What all outboxes have in common. */
export interface OutputTotal {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Memory of what waits, bytes. */
  held: number;
  /** Bytes handed to the kernel. */
  sent: number;
}

/**
 * What waits to be sent on one connection, in order, and how much it is.
 *
 *     idle     --write--> dirty (its owner flushes it at the end of the turn)
 *     dirty    --flush--> sending    sending --the kernel took it--> idle, or the next slice
 *     closed   takes nothing more
 *
 * Output behind a slot waits until the slot is filled: so a reply that must be durable first keeps its place.
 */
export class Outbox {
  readonly #connection: Connection;
  readonly #total: OutputTotal;
  #entries: (Buffer | Slot)[] = [];
  /** Where the first entry is that was not taken yet. */
  #head = 0;
  #bytes = 0;
  /** Memory of what the kernel was given and has not taken yet, bytes. */
  #sending = 0;
  #ending = false;
  #closed = false;
  /** When the kernel was last given something: it had taken all before. Monotonic milliseconds. */
  progressAt = 0;
  readonly #sent = (): void => this.#onSent();
  readonly #onProgress: () => void;

  /** @param onProgress called when the kernel has taken something */
  constructor(connection: Connection, total: OutputTotal, onProgress: () => void) {
    this.#connection = connection;
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /** Memory of what the kernel has not taken yet, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Since when the kernel has taken nothing of what it was given, monotonic milliseconds; undefined: it has taken all. */
  get stuckSince(): number | undefined {
    return this.#sending > 0 ? this.progressAt : undefined;
  }

  get drained(): boolean {
    return this.#head === this.#entries.length && this.#sending === 0;
  }

  write(buffers: readonly Buffer[]): void {
    if (this.#closed) return;
    for (const buffer of buffers) {
      this.#entries.push(buffer);
      this.#count(costOf(buffer));
    }
  }

  /** Keeps a place in the order of output. */
  reserve(): Slot {
    const slot = new Slot();
    if (this.#closed) return slot;
    this.#entries.push(slot);
    this.#count(PER_BUFFER);
    return slot;
  }

  /** Says what goes out in a reserved place. */
  fill(slot: Slot, buffers: readonly Buffer[]): void {
    this.add(slot, buffers, true);
  }

  /** Says more of what goes out in a reserved place; what was said before may be gone already. */
  add(slot: Slot, buffers: readonly Buffer[], complete: boolean): void {
    if (this.#closed) return;
    slot.buffers = slot.buffers.length === 0 ? buffers : [...slot.buffers, ...buffers];
    slot.complete = complete;
    for (const buffer of buffers) this.#count(costOf(buffer));
  }

  /** Hands what is ready to the kernel, in one write; the rest follows by itself. */
  flush(): void {
    if (this.#sending > 0 || this.#closed) return;
    const buffers = this.#takeReady();
    if (buffers.length === 0) this.#endIfDrained();
    else this.#send(buffers);
  }

  #send(buffers: readonly Buffer[]): void {
    for (const buffer of buffers) {
      this.#sending += costOf(buffer);
      this.#total.sent += buffer.length;
    }
    this.progressAt = this.#total.now();
    this.#connection.write(buffers, this.#sent);
  }

  /** Ends the connection once everything is sent. */
  end(): void {
    this.#ending = true;
    this.flush();
  }

  /** The connection is gone: what waits is for nobody. */
  close(): void {
    this.#closed = true;
    this.#count(-this.#bytes);
    this.#entries = [];
    this.#head = 0;
    this.#sending = 0;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#total.held += bytes;
  }

  #onSent(): void {
    if (this.#closed) return;
    this.#count(-this.#sending);
    this.#sending = 0;
    this.flush();
    this.#onProgress();
  }

  #endIfDrained(): void {
    if (!this.#ending || !this.drained) return;
    this.#ending = false;
    this.#connection.end();
  }

  /** Up to a slice of what stands before the first unfilled slot. */
  #takeReady(): Buffer[] {
    const ready: Buffer[] = [];
    let room = SLICE;
    while (room > 0) {
      const buffers = this.#takeEntry();
      if (buffers === undefined) break;
      for (const buffer of buffers) {
        ready.push(buffer);
        room -= buffer.length;
      }
    }
    this.#putBack(ready, -room);
    this.#forgetTaken();
    return ready;
  }

  /** The buffers of the next entry; undefined: there is none, or a slot that has none yet. */
  #takeEntry(): readonly Buffer[] | undefined {
    const entry = this.#entries[this.#head];
    if (entry === undefined) return undefined;
    return Buffer.isBuffer(entry) ? this.#taken([entry]) : this.#takeSlot(entry);
  }

  #takeSlot(slot: Slot): readonly Buffer[] | undefined {
    const { buffers, complete } = slot;
    slot.buffers = [];
    if (!complete) return buffers.length === 0 ? undefined : buffers;
    this.#count(-PER_BUFFER);
    return this.#taken(buffers);
  }

  #taken(buffers: readonly Buffer[]): readonly Buffer[] {
    this.#entries[this.#head++] = TAKEN;
    return buffers;
  }

  /** Puts back what is beyond the slice. */
  #putBack(ready: Buffer[], excess: number): void {
    const last = ready.at(-1);
    if (excess <= 0 || last === undefined || last.length <= excess) return;
    const keep = last.length - excess;
    ready[ready.length - 1] = last.subarray(0, keep);
    if (this.#head > 0) this.#entries[--this.#head] = last.subarray(keep);
    else this.#entries.unshift(last.subarray(keep));
    this.#count(PER_BUFFER);
  }

  /** Only when half of the entries are taken: so the cost of a long queue stays in proportion. */
  #forgetTaken(): void {
    if (this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}

function costOf(buffer: Buffer): number {
  return buffer.length + PER_BUFFER;
}
