import { Conditions } from "../lib/waiting.ts";
import type { Outbox } from "../transport/outbox.ts";
import type { Slot } from "../transport/output-queue.ts";
import { GearmanError, reasonOf } from "./errors.ts";
import { exactly, type SizedStream } from "./payload.ts";

/**
 * Sends what is too large to hold: each stream is opened when those before it are sent, and read no faster than it is taken. What is sent
 * meanwhile waits behind its place in the outbox.
 */
export class StreamSender {
  readonly #outbox: Outbox;
  readonly #taken: Conditions = new Conditions();
  /** Settles when the last stream so far is sent. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /**
   * @param head the packet up to its data
   * @param onBroken told when the stream broke off: half a packet is of no use, nor is its connection
   */
  send(head: Buffer, stream: SizedStream, onBroken: (why: GearmanError) => void): void {
    const slot = this.#outbox.reserve();
    this.#outbox.add(slot, [head], false);
    this.#last = this.#last.then(() => this.#send(slot, stream, onBroken));
  }

  /** The kernel has taken something. */
  progress(): void {
    this.#taken.check();
  }

  /** The connection is gone: no more is read, and what breaks off is nobody's affair. */
  close(): void {
    this.#closed = true;
    this.#taken.check();
  }

  async #send(slot: Slot, stream: SizedStream, onBroken: (why: GearmanError) => void): Promise<void> {
    if (this.#closed) return;
    try {
      for await (const bytes of exactly(stream)) {
        await this.#pass(slot, bytes);
        if (this.#closed) return;
      }
      this.#outbox.add(slot, [], true);
      this.#outbox.flush();
    } catch (cause) {
      if (this.#closed) return;
      onBroken(new GearmanError("STREAM", `a stream of ${stream.size} bytes broke off: ${reasonOf(cause)}`, { cause }));
    }
  }

  /** Waits until it is taken, and not for room in the outbox, which what waits behind the stream may take. */
  #pass(slot: Slot, bytes: Uint8Array): Promise<void> {
    this.#outbox.add(slot, [Buffer.from(bytes)], false);
    this.#outbox.flush();
    return this.#taken.until(() => slot.buffers.length === 0 || this.#closed);
  }
}
