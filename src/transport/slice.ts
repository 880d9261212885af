import { Gathered, type Message } from "./gathered.ts";

/** What is handed to the kernel at a time, in few buffers. */
export class Slice {
  readonly buffers: Buffer[] = [];
  readonly #gathered: Gathered = new Gathered();
  /** Bytes that fit in; less than none: so many are too much. */
  room: number;

  constructor(size: number) {
    this.room = size;
  }

  push(buffer: Buffer): void {
    this.#endGathering();
    this.buffers.push(buffer);
    this.room -= buffer.length;
  }

  add(message: Message): void {
    if (this.#gathered.full(message.size)) this.#endGathering();
    this.#gathered.add(message);
    this.room -= message.size;
    if (message.rest !== undefined) this.push(message.rest);
  }

  /** Nothing more comes. Returns what is too much of it, if anything. */
  end(): Buffer | undefined {
    this.#endGathering();
    const last = this.buffers.at(-1);
    const excess = -this.room;
    if (excess <= 0 || last === undefined || last.length <= excess) return undefined;
    const keep = last.length - excess;
    this.buffers[this.buffers.length - 1] = last.subarray(0, keep);
    return last.subarray(keep);
  }

  #endGathering(): void {
    if (!this.#gathered.empty) this.buffers.push(this.#gathered.take());
  }
}
