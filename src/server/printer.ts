import type { Slot } from "../transport/output-queue.ts";

/** What is made of a reply between two looks at the clock: so many characters, or so many rows, which may be short. */
const PIECE = 16 * 1024;
const ROWS = 128;
/** How long the replies in the making take of each turn, all together, milliseconds. */
const PER_TURN = 5;

/** A session that is sent a long reply. */
export interface Recipient {
  /** It has to read before more is made for it. */
  readonly full: boolean;
  /** More of the reply. */
  printed(slot: Slot, bytes: Buffer, complete: boolean): void;
}

interface Print {
  readonly recipient: Recipient;
  readonly slot: Slot;
  readonly pieces: Iterator<string>;
}

/**
 * Makes long replies of text commands, such as `status` with 100,000 functions, a little in each turn, and only as fast as they are
 * read: so they hold up nobody, and are never in memory as a whole.
 */
export class Printer {
  readonly #now: () => number;
  readonly #prints: Map<Recipient, Print> = new Map();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether there is something to make for somebody who reads. */
  get busy(): boolean {
    for (const { recipient } of this.#prints.values()) if (!recipient.full) return true;
    return false;
  }

  /** A recipient has one reply in the making at the most. */
  start(recipient: Recipient, slot: Slot, pieces: Iterator<string>): void {
    this.#prints.set(recipient, { recipient, slot, pieces });
  }

  /** The recipient is gone. */
  forget(recipient: Recipient): void {
    this.#prints.delete(recipient);
  }

  /** Makes some more, for one recipient after the other. */
  turn(): void {
    const until = this.#now() + PER_TURN;
    // Who had a piece goes to the end of the map, and so comes round again while there is time.
    for (const print of this.#prints.values()) {
      if (print.recipient.full) continue;
      if (this.#now() > until) return;
      this.#more(print);
    }
  }

  #more(print: Print): void {
    this.#prints.delete(print.recipient);
    const { text, complete } = take(print.pieces);
    if (!complete) this.#prints.set(print.recipient, print);
    print.recipient.printed(print.slot, Buffer.from(text, "latin1"), complete);
  }
}

/** The next rows, and whether they were the last. */
function take(pieces: Iterator<string>): { readonly text: string; readonly complete: boolean } {
  let text = "";
  for (let rows = 0; rows < ROWS && text.length < PIECE; rows++) {
    const next = pieces.next();
    if (next.done === true) return { text, complete: true };
    text += next.value;
  }
  return { text, complete: false };
}
