import { Buffer } from "node:buffer";

/** What can be sent: it writes itself into the room that it asks for. */
export interface Message {
  /** Bytes that it writes. */
  readonly size: number;
  /** Large bytes that are to follow as they are. */
  readonly rest: Buffer | undefined;
  write(bytes: Buffer, at: number): void;
}

/** Memory that is taken at a time where there is no room to spare, bytes. */
const LEAST = 256;
const MOST = 16 * 1024;

/** Rooms of this size are used again and again, so many for all connections together: enough for those that are served in one turn. */
const ROOM = 4096;
const ROOMS = 64;
const newRoom = (): Buffer => Buffer.allocUnsafeSlow(ROOM);
const spare: Buffer[] = Array.from({ length: ROOMS }, newRoom);

function keep(room: Buffer): void {
  if (spare.length < ROOMS) spare.push(room);
}

const NOTHING = Buffer.alloc(0);

/** HOT: small messages, written side by side: so a turn's output of a connection is one buffer, and none of them has one of its own. */
export class Gathered {
  #bytes: Buffer = NOTHING;
  #end = 0;
  /** What may be needed the next time. */
  #guess = LEAST;
  /** A room that is lent. */
  #lent: Buffer | undefined;

  get empty(): boolean {
    return this.#end === 0;
  }

  /** Whether so many bytes more do not fit: {@link take} what is there first. */
  full(size: number): boolean {
    return this.#end > 0 && this.#end + size > this.#bytes.length;
  }

  add(message: Message): void {
    if (this.#end === 0) this.#bytes = this.#roomFor(message.size);
    message.write(this.#bytes, this.#end);
    this.#end += message.size;
  }

  /** Throws them away. What is lent may be in use for ever: another room comes in its stead. */
  close(): void {
    this.#clear();
    if (this.#lent !== undefined) keep(newRoom());
    this.#lent = undefined;
  }

  #clear(): void {
    if (this.#bytes.length === ROOM) keep(this.#bytes);
    this.#bytes = NOTHING;
    this.#end = 0;
  }

  /** All messages, which are the caller's now. To be called only if there are any. */
  take(): Buffer {
    const isRoom = this.#bytes.length === ROOM;
    const taken = isRoom ? Buffer.from(this.#bytes.subarray(0, this.#end)) : this.#bytes.subarray(0, this.#end);
    this.#guess = Math.min(MOST, Math.max(LEAST, 2 * this.#end));
    if (!isRoom) this.#bytes = NOTHING;
    this.#clear();
    return taken;
  }

  /** The same, but lent: the caller says by {@link giveBack} that it is done with them, and asks for no more before. */
  lend(): Buffer {
    if (this.#bytes.length !== ROOM) return this.take();
    const lent = this.#bytes.subarray(0, this.#end);
    this.#lent = this.#bytes;
    this.#bytes = NOTHING;
    this.#end = 0;
    return lent;
  }

  giveBack(): void {
    if (this.#lent !== undefined) keep(this.#lent);
    this.#lent = undefined;
  }

  #roomFor(size: number): Buffer {
    const room = size <= ROOM ? spare.pop() : undefined;
    return room ?? Buffer.allocUnsafe(Math.max(this.#guess, size));
  }
}
