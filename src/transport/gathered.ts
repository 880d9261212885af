/** What can be sent: it writes itself into the room that it asks for. */
export interface Message {
  /** Bytes that it writes. */
  readonly size: number;
  /** Large bytes that are to follow as they are. */
  readonly rest: Buffer | undefined;
  write(bytes: Buffer, at: number): void;
}

/** Memory that is taken at a time, bytes. */
const LEAST = 256;
const MOST = 16 * 1024;

const NOTHING = Buffer.alloc(0);

/** HOT: small messages, written side by side: so a turn's output of a connection is one buffer, and none of them has one of its own. */
export class Gathered {
  #bytes: Buffer = NOTHING;
  #end = 0;
  /** What may be needed the next time. */
  #guess = LEAST;

  get empty(): boolean {
    return this.#end === 0;
  }

  /** Whether so many bytes more do not fit: {@link take} what is there first. */
  full(size: number): boolean {
    return this.#end > 0 && this.#end + size > this.#bytes.length;
  }

  add(message: Message): void {
    if (this.#end === 0) this.#bytes = Buffer.allocUnsafe(Math.max(this.#guess, message.size));
    message.write(this.#bytes, this.#end);
    this.#end += message.size;
  }

  /** Throws them away. */
  clear(): void {
    this.#bytes = NOTHING;
    this.#end = 0;
  }

  /** All messages, which are the caller's now. To be called only if there are any. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#end);
    this.#guess = Math.min(MOST, Math.max(LEAST, 2 * this.#end));
    this.clear();
    return taken;
  }
}
