import type { Connection } from "./connection.ts";
import type { Message } from "./gathered.ts";
import { costOf, OutputQueue, Slot } from "./output-queue.ts";

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
 */
export class Outbox {
  readonly #connection: Connection;
  readonly #total: OutputTotal;
  readonly #queue: OutputQueue = new OutputQueue(this);
  #bytes = 0;
  /** Memory of what the kernel was given and has not taken yet, bytes. */
  #sending = 0;
  #ending = false;
  #closed = false;
  /** When the kernel was last given something: it had taken all before. Monotonic milliseconds. */
  progressAt = 0;
  readonly #sent = (): void => this.#onSent();
  readonly #flush = (): void => this.flush();
  readonly #onProgress: () => void;

  /** @param onProgress called when the kernel has taken something */
  constructor(connection: Connection, total: OutputTotal, onProgress: () => void) {
    this.#connection = connection;
    this.#total = total;
    this.#onProgress = onProgress;
  }

  /** Memory of what the kernel has not taken yet, bytes. The queue writes it. */
  get bytes(): number {
    return this.#bytes;
  }

  set bytes(bytes: number) {
    this.#total.held += bytes - this.#bytes;
    this.#bytes = bytes;
  }

  /** Since when the kernel has taken nothing of what it was given, monotonic milliseconds; undefined: it has taken all. */
  get stuckSince(): number | undefined {
    return this.#sending > 0 ? this.progressAt : undefined;
  }

  get drained(): boolean {
    return this.#queue.empty && this.#sending === 0;
  }

  write(message: Message): void {
    if (!this.#closed) this.#queue.write(message);
  }

  /** Sends bytes as they are. */
  writeBytes(bytes: Buffer): void {
    if (!this.#closed) this.#queue.push(bytes);
  }

  /** Keeps a place in the order of output. */
  reserve(): Slot {
    return this.#closed ? new Slot() : this.#queue.reserve();
  }

  /** Says what goes out in a reserved place. */
  fill(slot: Slot, message: Message): void {
    if (!this.#closed) this.#queue.fill(slot, message);
  }

  /** Says more of what goes out in a reserved place; what was said before may be gone already. */
  add(slot: Slot, buffers: readonly Buffer[], complete: boolean): void {
    if (!this.#closed) this.#queue.add(slot, buffers, complete);
  }

  /** HOT: hands what is ready to the kernel, in one write; what it does not take at once follows by itself. */
  flush(): void {
    if (this.#sending > 0 || this.#closed) return;
    const buffers = this.#queue.take();
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
    this.#queue.clear();
    this.bytes = 0;
    this.#sending = 0;
  }

  /** Whether the kernel has taken all. */
  #send(buffers: readonly Buffer[]): boolean {
    let cost = 0;
    for (const buffer of buffers) {
      cost += costOf(buffer);
      this.#total.sent += buffer.length;
    }
    this.progressAt = this.#total.now();
    const all = this.#connection.write(buffers, this.#sent);
    this.#queue.written();
    if (all) {
      this.#queue.sent();
      return true;
    }
    this.#sending = cost;
    this.bytes += cost;
    return false;
  }

  #onSent(): void {
    if (this.#closed) return;
    this.bytes -= this.#sending;
    this.#sending = 0;
    this.#queue.sent();
    this.flush();
    this.#onProgress();
  }

  /** The kernel has taken a slice at once. Others have their turn before the next, if there is one. */
  #goOn(): void {
    if (this.#queue.isMore) setImmediate(this.#flush);
    else this.#endIfDrained();
    this.#onProgress();
  }

  #endIfDrained(): void {
    if (!this.#ending || !this.drained) return;
    this.#ending = false;
    this.#connection.end();
  }
}
