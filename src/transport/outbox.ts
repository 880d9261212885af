import type { Connection } from "./connection.ts";
import { Gathered, type Message } from "./gathered.ts";
import { Slice } from "./slice.ts";

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
  /** What it was filled with. */
  message: Message | undefined;
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
  /** What stands before {@link #last}. */
  #entries: (Buffer | Slot)[] = [];
  /** Where the first entry is that was not taken yet. */
  #head = 0;
  /** Small messages that came last, side by side. */
  readonly #last: Gathered = new Gathered();
  #bytes = 0;
  /** Memory of what the kernel was given and has not taken yet, bytes. */
  #sending = 0;
  /** More may be ready than went with the last slice. */
  #isMore = false;
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
    return this.#head === this.#entries.length && this.#last.empty && this.#sending === 0;
  }

  /** HOT */
  write(message: Message): void {
    if (this.#closed) return;
    if (this.#last.full(message.size)) this.#endGathering();
    this.#count(this.#last.empty ? message.size + PER_BUFFER : message.size);
    this.#last.add(message);
    if (message.rest !== undefined) this.#push(message.rest);
  }

  /** Sends bytes as they are. */
  writeBytes(bytes: Buffer): void {
    if (!this.#closed) this.#push(bytes);
  }

  /** Keeps a place in the order of output. */
  reserve(): Slot {
    const slot = new Slot();
    if (this.#closed) return slot;
    this.#endGathering();
    this.#entries.push(slot);
    this.#count(PER_BUFFER);
    return slot;
  }

  /** Says what goes out in a reserved place. */
  fill(slot: Slot, message: Message): void {
    if (this.#closed) return;
    slot.message = message;
    slot.complete = true;
    this.#count(costOf(message));
  }

  /** Says more of what goes out in a reserved place; what was said before may be gone already. */
  add(slot: Slot, buffers: readonly Buffer[], complete: boolean): void {
    if (this.#closed) return;
    slot.buffers = slot.buffers.length === 0 ? buffers : [...slot.buffers, ...buffers];
    slot.complete = complete;
    for (const buffer of buffers) this.#count(costOf(buffer));
  }

  /** Hands what is ready to the kernel, in one write; what it does not take at once follows by itself. */
  flush(): void {
    if (this.#sending > 0 || this.#closed) return;
    const buffers = this.#takeReady();
    if (buffers.length === 0) this.#endIfDrained();
    else if (this.#send(buffers)) this.#goOn();
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
    this.#last.clear();
    this.#head = 0;
    this.#sending = 0;
  }

  #push(bytes: Buffer): void {
    this.#endGathering();
    this.#entries.push(bytes);
    this.#count(costOf(bytes));
  }

  /** What was gathered stands before what comes now. */
  #endGathering(): void {
    if (!this.#last.empty) this.#entries.push(this.#last.take());
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#total.held += bytes;
  }

  /** Whether the kernel has taken all. */
  #send(buffers: readonly Buffer[]): boolean {
    let cost = 0;
    for (const buffer of buffers) {
      cost += costOf(buffer);
      this.#total.sent += buffer.length;
    }
    this.progressAt = this.#total.now();
    if (this.#connection.write(buffers, this.#sent)) return true;
    this.#sending = cost;
    this.#count(cost);
    return false;
  }

  #onSent(): void {
    if (this.#closed) return;
    this.#count(-this.#sending);
    this.#sending = 0;
    this.flush();
    this.#onProgress();
  }

  /** The kernel has taken a slice at once. Others have their turn before the next, if there is one. */
  #goOn(): void {
    if (this.#isMore) setImmediate(() => this.flush());
    else this.#endIfDrained();
    this.#onProgress();
  }

  #endIfDrained(): void {
    if (!this.#ending || !this.drained) return;
    this.#ending = false;
    this.#connection.end();
  }

  /** Up to a slice of what stands before the first unfilled slot. */
  #takeReady(): Buffer[] {
    this.#endGathering();
    const ready = new Slice(SLICE);
    while (ready.room > 0) {
      const entry = this.#entries[this.#head];
      if (entry === undefined) break;
      if (Buffer.isBuffer(entry)) this.#takeBytes(entry, ready);
      else if (!this.#takeSlot(entry, ready)) break;
    }
    this.#isMore = ready.room <= 0;
    this.#putBack(ready.end());
    this.#forgetTaken();
    return ready.buffers;
  }

  #takeBytes(bytes: Buffer, ready: Slice): void {
    this.#count(-costOf(bytes));
    ready.push(bytes);
    this.#entries[this.#head++] = TAKEN;
  }

  /** Whether there was anything in it. */
  #takeSlot(slot: Slot, ready: Slice): boolean {
    const { buffers, message, complete } = slot;
    for (const buffer of buffers) {
      this.#count(-costOf(buffer));
      ready.push(buffer);
    }
    slot.buffers = NOTHING;
    if (message !== undefined) {
      this.#count(-costOf(message));
      ready.add(message);
    }
    if (!complete) return buffers.length > 0;
    this.#count(-PER_BUFFER);
    this.#entries[this.#head++] = TAKEN;
    return true;
  }

  /** Puts back what is beyond the slice. */
  #putBack(beyond: Buffer | undefined): void {
    if (beyond === undefined) return;
    if (this.#head > 0) this.#entries[--this.#head] = beyond;
    else this.#entries.unshift(beyond);
    this.#count(costOf(beyond));
  }

  /** Only when half of the entries are taken: so the cost of a long queue stays in proportion. */
  #forgetTaken(): void {
    if (this.#head * 2 < this.#entries.length) return;
    if (this.#head === this.#entries.length) this.#entries.length = 0;
    else this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}

function costOf(what: Buffer | Message): number {
  return Buffer.isBuffer(what) ? what.length + PER_BUFFER : what.size + (what.rest?.length ?? 0) + PER_BUFFER;
}
