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

interface Unread {
  readonly event: JobEvent<unknown>;
  readonly bytes: number;
}

/**
 * The events of one job on their way to whoever iterates over it.
 *
 *     kept     --iterated--> read    --too many unread--> the server waits --enough were read--> read
 *     kept     --too many unread--> lost: whoever comes to iterate gets EVENTS_LOST
 *     read     --the loop is left--> ignored
 *     any      --end()--> ended, once what is unread has been read
 */
export class EventQueue implements AsyncIterator<JobEvent<unknown>, undefined> {
  #mode: "kept" | "read" | "lost" | "ignored" = "kept";
  #unread: Unread[] = [];
  #bytes = 0;
  #ended = false;
  #error: unknown;
  #waiting:
    | { resolve: (result: IteratorResult<JobEvent<unknown>, undefined>) => void; reject: (error: unknown) => void }
    | undefined;
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
    if (this.#waiting !== undefined) return this.#hand(event);
    this.#unread.push({ event, bytes: bytes + PER_EVENT });
    this.#count(bytes + PER_EVENT);
  }

  /** There are no more. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#holdIf(false);
    if (this.#waiting !== undefined) this.#settle(this.#waiting);
  }

  /** The job begins anew: what it said before is forgotten, as nobody has seen it. */
  restart(): void {
    this.#holding = false;
    this.#unread = [];
    this.#bytes = 0;
  }

  next(): Promise<IteratorResult<JobEvent<unknown>, undefined>> {
    return new Promise((resolve, reject) => {
      const first = this.#unread.shift();
      if (first === undefined) {
        this.#waiting = { resolve, reject };
        if (this.#ended) this.#settle(this.#waiting);
        return;
      }
      this.#count(-first.bytes);
      this.#note(first.event);
      resolve({ value: first.event, done: false });
    });
  }

  async return(): Promise<IteratorResult<JobEvent<unknown>, undefined>> {
    this.#forget("ignored");
    return { value: undefined, done: true };
  }

  #hand(event: JobEvent<unknown>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#note(event);
    waiting?.resolve({ value: event, done: false });
  }

  #note(event: JobEvent<unknown>): void {
    if (event.kind !== "status") this.delivered = true;
  }

  #settle({
    resolve,
    reject,
  }: {
    resolve: (end: IteratorReturnResult<undefined>) => void;
    reject: (error: unknown) => void;
  }): void {
    this.#waiting = undefined;
    if (this.#error === undefined) resolve({ value: undefined, done: true });
    else reject(this.#error);
    this.#error = undefined;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#mode === "kept" && this.#bytes > MOST_UNREAD) this.#forget("lost");
    else this.#holdIf(this.#bytes > MOST_UNREAD && !this.#ended);
  }

  #forget(mode: "lost" | "ignored"): void {
    this.#mode = mode;
    this.#unread = [];
    this.#bytes = 0;
    this.#holdIf(false);
  }

  #holdIf(hold: boolean): void {
    if (hold === this.#holding) return;
    this.#holding = hold;
    this.#hold(hold);
  }
}
