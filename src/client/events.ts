import { Fifo } from "../lib/fifo.ts";
import { type Deferred, deferred } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";

/** What a job says while it runs. Its result is not among them. */
export type JobEvent<Data = Buffer> =
  | { readonly kind: "data"; readonly data: Data }
  | { readonly kind: "warning"; readonly data: Buffer }
  | { readonly kind: "status"; readonly numerator: number; readonly denominator: number };

/** What is kept of events that nobody has read yet, bytes. */
const MOST_UNREAD = 16 * 1024 ** 2;

/** What an event costs beside its data, bytes. */
const PER_EVENT = 100;

type Next = IteratorResult<JobEvent<unknown>, undefined>;

const NO_MORE: Next = { value: undefined, done: true };

interface Unread {
  readonly event: JobEvent<unknown>;
  readonly bytes: number;
}

/**
 * The events of one job on their way to whoever iterates over it.
 *
 *     kept     --iterated--> read    --too many unread--> the server waits --enough were read--> read
 *     kept     --too many unread--> lost: whoever comes to iterate gets EVENTS_LOST
 *     read     --the loop is left--> ignored, which is ended
 *     any      --end()--> ended, once what is unread has been read
 */
export class EventQueue implements AsyncIterator<JobEvent<unknown>, undefined> {
  #mode: "kept" | "read" | "lost" | "ignored" = "kept";
  readonly #unread: Fifo<Unread> = new Fifo();
  #bytes = 0;
  #ended = false;
  #error: unknown;
  /** Who asked for events that have not come yet. */
  readonly #readers: Fifo<Deferred<Next>> = new Fifo();
  readonly #hold: (hold: boolean) => void;
  #holding = false;
  /** Data or a warning has reached the reader: the job cannot begin anew behind his back. */
  delivered = false;

  /** @param hold makes the server wait, and go on */
  constructor(hold: (hold: boolean) => void) {
    this.#hold = hold;
  }

  /** Somebody reads them, or there are some to read. */
  get wanted(): boolean {
    return this.#mode === "read" || this.#unread.length > 0;
  }

  iterate(): this {
    if (this.#mode === "lost")
      throw new GearmanError(
        "EVENTS_LOST",
        `more than ${MOST_UNREAD} bytes of events came before anybody iterated over the job: begin right after submit`,
      );
    if (this.#mode !== "kept") throw new GearmanError("ARGUMENT", "a job's events can be iterated over once");
    this.#mode = "read";
    return this;
  }

  push(event: JobEvent<unknown>, bytes: number): void {
    if (this.#mode === "lost" || this.#mode === "ignored" || this.#ended) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader.resolve(this.#handed(event));
    this.#unread.push({ event, bytes: bytes + PER_EVENT });
    this.#count(bytes + PER_EVENT);
  }

  /** There are no more. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#holdIf(false);
    this.#dismiss();
  }

  /** The job begins anew: what it said before is forgotten, as nobody has seen it. */
  restart(): void {
    this.#holding = false;
    this.#unread.takeAll();
    this.#bytes = 0;
  }

  next(): Promise<Next> {
    const reader = deferred<Next>();
    const first = this.#unread.shift();
    if (first === undefined) {
      this.#readers.push(reader);
      if (this.#ended) this.#dismiss();
    } else {
      this.#count(-first.bytes);
      reader.resolve(this.#handed(first.event));
    }
    return reader.promise;
  }

  async return(): Promise<Next> {
    this.#forget("ignored");
    this.end();
    this.#error = undefined;
    return NO_MORE;
  }

  #handed(event: JobEvent<unknown>): Next {
    if (event.kind !== "status") this.delivered = true;
    return { value: event, done: false };
  }

  /** Tells who waits that there are no more events; the first of them hears of the error. */
  #dismiss(): void {
    for (const { resolve, reject } of this.#readers.takeAll()) {
      if (this.#error === undefined) resolve(NO_MORE);
      else reject(this.#error);
      this.#error = undefined;
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#mode === "kept" && this.#bytes > MOST_UNREAD) this.#forget("lost");
    else this.#holdIf(this.#bytes > MOST_UNREAD && !this.#ended);
  }

  #forget(mode: "lost" | "ignored"): void {
    this.#mode = mode;
    this.#unread.takeAll();
    this.#bytes = 0;
    this.#holdIf(false);
  }

  #holdIf(hold: boolean): void {
    if (hold === this.#holding) return;
    this.#holding = hold;
    this.#hold(hold);
  }
}
