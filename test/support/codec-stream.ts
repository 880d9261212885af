import type { InputBudget } from "../../src/protocol/held-bytes.ts";
import { type Body, Reader } from "../../src/protocol/reader.ts";

/** What a reader found, with bodies that were the receiver's to keep as they are now, not as they were when they came. */
export type Event =
  | { readonly kind: "request" | "response"; readonly type: number; readonly body: string }
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "refused" | "violation"; readonly why: string };

export interface Bounds {
  readonly maxBody: number;
  readonly maxHeld: number;
}

export const WIDE: Bounds = { maxBody: 1024 ** 2, maxHeld: 1024 ** 3 };

/** Stands for what the next read puts into the buffer. */
const OVERWRITTEN = 0xdd;

/** A reader that is fed from one reused buffer, overwritten after each push: what outlives its dispatch shows. */
export class Feed {
  readonly budget: InputBudget;
  readonly reader: Reader;
  /** How often the reader asked whether it is to pause. */
  looks = 0;
  readonly #found: (() => Event)[] = [];
  #buffer = Buffer.alloc(64 * 1024);

  constructor({ maxBody, maxHeld }: Bounds = WIDE) {
    this.budget = { held: 0, max: maxHeld };
    this.reader = new Reader(maxBody, this.budget, {
      packet: (kind, type, body) => this.#packet(kind, type, body),
      line: (text) => this.#add({ kind: "line", text: text.toString("latin1") }),
      refused: (why) => this.#add({ kind: "refused", why }),
      violation: (why) => this.#add({ kind: "violation", why }),
    });
  }

  /** @param pausing the reader is told to pause whenever it asks, and called again */
  push(bytes: Buffer, pausing = false): this {
    if (this.#buffer.length < bytes.length) this.#buffer = Buffer.alloc(bytes.length);
    const chunk = this.#buffer.subarray(0, bytes.length);
    bytes.copy(chunk);
    const pause = (): boolean => {
      this.looks++;
      return pausing;
    };
    for (let at = 0; at < chunk.length; ) at = this.reader.push(chunk, at, pause);
    chunk.fill(OVERWRITTEN);
    return this;
  }

  get events(): Event[] {
    return this.#found.map((show) => show());
  }

  #add(event: Event): void {
    this.#found.push(() => event);
  }

  #packet(kind: "request" | "response", type: number, { bytes, start, end, owned }: Body): void {
    const body = bytes.subarray(start, end);
    const kept = owned ? body : Buffer.from(body);
    this.#found.push(() => ({ kind, type, body: kept.toString("latin1") }));
  }
}

/** What is found in a stream that comes in these pieces. */
export function eventsOf(pieces: readonly Buffer[], bounds: Bounds = WIDE, pausing = false): Event[] {
  const feed = new Feed(bounds);
  for (const piece of pieces) feed.push(piece, pausing);
  return feed.events;
}

/** The stream cut at these places, in any order. */
export function cutAt(stream: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...places].sort((a, b) => a - b);
  return [0, ...sorted].map((place, index) => stream.subarray(place, sorted[index]));
}

/** A packet with the header that is asked for, whatever its body is. */
export function rawPacket(body: string, { magic = "\0REQ", type = 16, size = body.length } = {}): Buffer {
  const header = Buffer.alloc(12);
  header.write(magic, "latin1");
  header.writeUInt32BE(type, 4);
  header.writeUInt32BE(size, 8);
  return Buffer.concat([header, Buffer.from(body, "latin1")]);
}

/** A body that stands alone. */
export const bodyOf = (bytes: Buffer): Body => ({ bytes, start: 0, end: bytes.length, owned: false });
