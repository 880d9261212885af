import { Buffer } from "node:buffer";
import { REUSED_UP_TO } from "./connection.ts";

/** What can be sent: it writes itself into the room that it asks for. */
export interface Message {
  /** Bytes that it writes. */
  readonly size: number;
  /** Large bytes that are to follow as they are. */
  readonly rest: Buffer | undefined;
  write(bytes: Buffer, at: number): void;
}

/** Rooms of a size, which all connections use again and again: as many are kept as may be in use in one turn. */
class Rooms {
  readonly size: number;
  readonly #spare: Buffer[] = [];
  readonly #most: number;

  constructor(size: number, most: number) {
    this.size = size;
    this.#most = most;
  }

  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Nobody else may have it. */
  giveBack(room: Buffer): void {
    if (this.#spare.length < this.#most) this.#spare.push(room);
  }
}

const SMALL: Rooms = new Rooms(4096, 256);
const LARGE: Rooms = new Rooms(REUSED_UP_TO, 32);

const NOTHING = Buffer.alloc(0);

/** HOT: messages, written side by side: so a turn's output of a connection is one buffer, and none of them has one of its own. */
export class Gathered {
  #room: Buffer = NOTHING;
  #end = 0;

  get empty(): boolean {
    return this.#end === 0;
  }

  /** Whether so many bytes more are too much: {@link take} what is there first. */
  full(size: number): boolean {
    return this.#end > 0 && this.#end + size > LARGE.size;
  }

  add(message: Message): void {
    if (this.#end + message.size > this.#room.length) this.#grow(this.#end + message.size);
    message.write(this.#room, this.#end);
    this.#end += message.size;
  }

  /** All messages, which are the caller's now. */
  take(): Buffer {
    const taken = Buffer.from(this.look());
    this.clear();
    return taken;
  }

  /** All messages; only until {@link clear}. */
  look(): Buffer {
    return this.#room.subarray(0, this.#end);
  }

  clear(): void {
    this.#giveBack();
    this.#room = NOTHING;
    this.#end = 0;
  }

  #grow(size: number): void {
    const room = roomOf(size);
    this.#room.copy(room, 0, 0, this.#end);
    this.#giveBack();
    this.#room = room;
  }

  #giveBack(): void {
    if (this.#room.length === SMALL.size) SMALL.giveBack(this.#room);
    else if (this.#room.length === LARGE.size) LARGE.giveBack(this.#room);
  }
}

/** One message may be larger than all rooms. */
function roomOf(size: number): Buffer {
  if (size <= SMALL.size) return SMALL.take();
  return size <= LARGE.size ? LARGE.take() : Buffer.allocUnsafeSlow(size);
}
