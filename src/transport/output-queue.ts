import { Buffer } from "node:buffer";
import { hold, letGo } from "../lib/blocks.ts";
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

/** Memory that output holds. */
export interface Held {
  /** Bytes, with what the buffers themselves cost. */
  bytes: number;
}

/** The memory of a buffer or message, bytes. */
export function costOf(what: Buffer | Message): number {
  return what instanceof Uint8Array ? what.length + PER_BUFFER : what.size + (what.rest?.length ?? 0) + PER_BUFFER;
}

/**
 * What waits to be handed to the kernel, in order. What stands behind a slot waits until the slot is filled: so a reply that must be
 * durable first keeps its place.
 */
export class OutputQueue {
  readonly #held: Held;
  /** What stands before {@link #last}. */
  #entries: (Buffer | Slot)[] = [];
  /** Where the first entry is that was not taken yet. */
  #head = 0;
  /** Small messages that came last, side by side. */
  readonly #last: Gathered = new Gathered();
  /** What was taken last, but for what {@link #last} has. */
  #taken: readonly Buffer[] = NOTHING;
  /** More may be ready than was taken last. */
  isMore = false;

  /** @param held is told of all that comes and goes */
  constructor(held: Held) {
    this.#held = held;
  }

  get empty(): boolean {
    return this.#head === this.#entries.length && this.#last.empty;
  }

  /** HOT */
  write(message: Message): void {
    if (this.#last.full(message.size)) this.#endGathering();
    this.#held.bytes += this.#last.empty ? message.size + PER_BUFFER : message.size;
    this.#last.add(message);
    if (message.rest !== undefined) this.push(message.rest);
  }

  push(bytes: Buffer): void {
    this.#endGathering();
    hold(bytes);
    this.#entries.push(bytes);
    this.#held.bytes += costOf(bytes);
  }

  reserve(): Slot {
    const slot = new Slot();
    this.#endGathering();
    this.#entries.push(slot);
    this.#held.bytes += PER_BUFFER;
    return slot;
  }

  fill(slot: Slot, message: Message): void {
    slot.message = message;
    slot.complete = true;
    if (message.rest !== undefined) hold(message.rest);
    this.#held.bytes += costOf(message);
  }

  add(slot: Slot, buffers: readonly Buffer[], complete: boolean): void {
    slot.buffers = slot.buffers.length === 0 ? buffers : [...slot.buffers, ...buffers];
    slot.complete = complete;
    for (const buffer of buffers) {
      hold(buffer);
      this.#held.bytes += costOf(buffer);
    }
  }

  clear(): void {
    this.#entries = [];
    this.#last.clear();
    this.#head = 0;
  }

  /** HOT: up to a slice of what stands before the first unfilled slot; to be {@link written} at once. Most often that is a few small messages, and nothing else waits. */
  take(): readonly Buffer[] {
    this.isMore = false;
    if (this.#entries.length > 0) return this.#takeSlice();
    if (this.#last.empty) return NOTHING;
    const bytes = this.#last.look();
    this.#held.bytes -= costOf(bytes);
    return [bytes];
  }

  /** What was taken last has been written: its memory may be used again. */
  written(): void {
    this.#last.clear();
  }

  /** All that was taken last has gone. */
  sent(): void {
    for (const buffer of this.#taken) letGo(buffer);
    this.#taken = NOTHING;
  }

  /** What was gathered stands before what comes now. */
  #endGathering(): void {
    if (!this.#last.empty) this.#entries.push(this.#last.take());
  }

  #takeSlice(): readonly Buffer[] {
    this.#endGathering();
    const ready = new Slice(SLICE);
    while (ready.room > 0) {
      const entry = this.#entries[this.#head];
      if (entry === undefined) break;
      if (!(entry instanceof Slot)) this.#takeBytes(entry, ready);
      else if (!this.#takeSlot(entry, ready)) break;
    }
    this.isMore = ready.room <= 0;
    this.#putBack(ready.end());
    this.#forgetTaken();
    this.#taken = ready.buffers;
    return ready.buffers;
  }

  #takeBytes(bytes: Buffer, ready: Slice): void {
    this.#held.bytes -= costOf(bytes);
    ready.push(bytes);
    this.#entries[this.#head++] = TAKEN;
  }

  /** Whether there was anything in it. */
  #takeSlot(slot: Slot, ready: Slice): boolean {
    const { buffers, message, complete } = slot;
    for (const buffer of buffers) {
      this.#held.bytes -= costOf(buffer);
      ready.push(buffer);
    }
    slot.buffers = NOTHING;
    if (message !== undefined) {
      this.#held.bytes -= costOf(message);
      ready.add(message);
    }
    if (!complete) return buffers.length > 0;
    this.#held.bytes -= PER_BUFFER;
    this.#entries[this.#head++] = TAKEN;
    return true;
  }

  /** Puts back what is beyond the slice. */
  #putBack(beyond: Buffer | undefined): void {
    if (beyond === undefined) return;
    hold(beyond);
    if (this.#head > 0) this.#entries[--this.#head] = beyond;
    else this.#entries.unshift(beyond);
    this.#held.bytes += costOf(beyond);
  }

  /** Only when half of the entries are taken: so the cost of a long queue stays in proportion. */
  #forgetTaken(): void {
    if (this.#head * 2 < this.#entries.length) return;
    if (this.#head === this.#entries.length) this.#entries.length = 0;
    else this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}
