import { uint32At } from "../lib/bytes.ts";
import { HEADER_SIZE, MAX_ARGUMENT, REQUEST_MAGIC, RESPONSE_MAGIC } from "./header.ts";
import { HeldBytes, type InputBudget } from "./held-bytes.ts";
import { PACKET_NAMES } from "./packets.ts";

/** The body of a packet: where it stands in a chunk. */
export interface Body {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** The bytes were gathered for this packet alone: they are the receiver's to keep. */
  readonly owned: boolean;
}

/** What a reader finds. What it is told is only valid during the call. */
export interface ReaderEvents {
  packet(magic: "request" | "response", type: number, body: Body): void;
  /** A line of the text protocol, without its LF. */
  line(text: Buffer): void;
  /** A packet was refused by its header; its body is discarded. */
  refused(why: "packetTooLarge" | "inputFull"): void;
  /** What came is of no protocol: nothing after it is read. */
  violation(why: Violation): void;
}

/** Not worth an ERROR: the connection is closed, as gearmand does. */
export type Violation = "bad magic" | "unknown packet type" | "line too long" | "too many words" | "input full";

/** What is missing of a packet is read in place if so much of it is there, and so much missing. Bytes. */
const LARGE = 16 * 1024;

const LF = 0x0a;
const LAST_TYPE = PACKET_NAMES.length - 1;

/**
 * Cuts a byte stream into packets and text lines: each message is text if its first byte is not NUL. Knows framing only.
 *
 *     start   --NUL--> header --12 bytes, sound--> body --all there--> start
 *     start   --else--> line --LF--> start
 *     header  --too large--> discard --all gone--> start
 *     any     --violation, stop()--> stopped
 *
 * A packet that arrives whole is a view of its chunk. One that spans chunks is gathered in memory that grows with the bytes that
 * arrive, never with those that a header promises.
 */
export class Reader {
  readonly #maxBody: number;
  readonly #events: ReaderEvents;
  readonly #held: HeldBytes;
  /** Bytes that the message begun must have before it is worth a look; 0: a line, which ends at its LF. */
  #wanted = HEADER_SIZE;
  #discard = 0;
  #stopped = false;

  /** @param allocate makes memory for packets that span chunks: not shared with others, as it is handed over with them */
  constructor(
    maxBody: number,
    budget: InputBudget,
    events: ReaderEvents,
    allocate: (size: number) => Buffer = Buffer.allocUnsafeSlow,
  ) {
    this.#maxBody = maxBody;
    this.#events = events;
    this.#held = new HeldBytes(budget, allocate);
  }

  /** Whether a message has begun and is not complete. */
  get midMessage(): boolean {
    return !this.#stopped && (this.#held.size > 0 || this.#discard > 0);
  }

  /** Reads no more, and gives back what it holds. */
  stop(): void {
    this.#stopped = true;
    this.#held.clear();
  }

  /** Reads a chunk from there; returns where it came to, which is short of the end if `pause` said so between two messages. */
  push(chunk: Buffer, from: number, pause: () => boolean): number {
    let at = from;
    while (at < chunk.length && !this.#stopped) {
      at = this.#step(chunk, at);
      if (!this.midMessage && pause()) break;
    }
    return this.#stopped ? chunk.length : at;
  }

  /** Where the rest of a large packet that has begun is to be put, so that it need not be copied there; undefined: it is not large. */
  room(): Buffer | undefined {
    if (this.#stopped || this.#held.size < LARGE || this.#wanted - this.#held.size < LARGE) return undefined;
    return this.#held.room(this.#wanted);
  }

  /** So many bytes have been put where {@link room} said. */
  filled(size: number): void {
    if (this.#stopped) return;
    if (!this.#held.filled(size)) this.#giveUp(this.#wanted - this.#held.size - size);
    else if (this.#held.size === this.#wanted) this.#release();
  }

  /** One message, or as much of it as there is. */
  #step(chunk: Buffer, at: number): number {
    if (this.#discard > 0) return this.#skip(chunk, at);
    if (this.#held.size > 0) return this.#continue(chunk, at);
    return chunk[at] === 0 ? this.#packet(chunk, at) : this.#line(chunk, at);
  }

  #skip(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#discard, chunk.length - at);
    this.#discard -= skipped;
    return at + skipped;
  }

  /** The message that begins there, if it is in the chunk as a whole; else it is held. */
  #packet(chunk: Buffer, at: number): number {
    this.#wanted = HEADER_SIZE;
    if (chunk.length - at < HEADER_SIZE) return this.#hold(chunk, at, chunk.length);
    if (!this.#header(chunk, at)) return at + HEADER_SIZE;
    const end = at + this.#wanted;
    if (end > chunk.length) return this.#hold(chunk, at, chunk.length);
    this.#emit(chunk, at, end, false);
    return end;
  }

  #line(chunk: Buffer, at: number): number {
    this.#wanted = 0;
    const end = chunk.indexOf(LF, at);
    if (end < 0) {
      if (chunk.length - at > MAX_ARGUMENT) return this.#stopAt("line too long", chunk);
      return this.#hold(chunk, at, chunk.length);
    }
    if (end - at > MAX_ARGUMENT) return this.#stopAt("line too long", chunk);
    this.#events.line(chunk.subarray(at, end));
    return end + 1;
  }

  /** A message that began in an earlier chunk. */
  #continue(chunk: Buffer, at: number): number {
    if (this.#wanted === 0) return this.#continueLine(chunk, at);
    const end = Math.min(chunk.length, at + this.#wanted - this.#held.size);
    this.#hold(chunk, at, end);
    if (this.#held.size < this.#wanted) return end;
    if (this.#wanted > HEADER_SIZE) this.#release();
    else this.#heldHeader();
    return end;
  }

  /** The header is complete: the body is wanted next, if it has one. */
  #heldHeader(): void {
    const bytes = this.#held.bytes();
    if (!this.#header(bytes, 0)) this.#held.clear();
    else if (this.#wanted === HEADER_SIZE) this.#release();
  }

  /** The gathered packet is complete. */
  #release(): void {
    const bytes = this.#held.take();
    this.#emit(bytes, 0, bytes.length, true);
  }

  #continueLine(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(LF, at);
    const end = found < 0 ? chunk.length : found;
    if (this.#held.size + end - at > MAX_ARGUMENT) return this.#stopAt("line too long", chunk);
    this.#hold(chunk, at, end);
    if (found < 0 || this.#stopped) return end;
    const line = this.#held.take();
    this.#events.line(line);
    return end + 1;
  }

  /** Looks at a header; sets what is wanted, or says why the packet is not read. */
  #header(bytes: Buffer, at: number): boolean {
    const magic = uint32At(bytes, at);
    if (magic !== REQUEST_MAGIC && magic !== RESPONSE_MAGIC) return this.#violate("bad magic");
    const type = uint32At(bytes, at + 4);
    if (type < 1 || type > LAST_TYPE) return this.#violate("unknown packet type");
    const size = uint32At(bytes, at + 8);
    if (size > this.#maxBody) return this.#refuse("packetTooLarge", size);
    this.#wanted = HEADER_SIZE + size;
    return true;
  }

  #emit(bytes: Buffer, at: number, end: number, owned: boolean): void {
    const magic = uint32At(bytes, at) === REQUEST_MAGIC ? "request" : "response";
    this.#events.packet(magic, uint32At(bytes, at + 4), { bytes, start: at + HEADER_SIZE, end, owned });
  }

  /** Keeps bytes of a message that is not complete, within the budget of all connections. */
  #hold(chunk: Buffer, at: number, end: number): number {
    if (this.#held.append(chunk.subarray(at, end), this.#wanted)) return end;
    if (this.#wanted === 0) return this.#stopAt("input full", chunk);
    this.#giveUp(this.#wanted - this.#held.size - (end - at));
    return end;
  }

  /** The packet that has begun is too much for the budget. @param missing bytes of it that are still to come */
  #giveUp(missing: number): void {
    this.#held.clear();
    this.#refuse("inputFull", missing);
  }

  #refuse(why: "packetTooLarge" | "inputFull", discard: number): false {
    this.#discard = discard;
    this.#events.refused(why);
    return false;
  }

  /** Reads no further: it came to the end of the chunk. */
  #stopAt(why: Violation, chunk: Buffer): number {
    this.#violate(why);
    return chunk.length;
  }

  #violate(why: Violation): false {
    this.stop();
    this.#events.violation(why);
    return false;
  }
}
