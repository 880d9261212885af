import { Worker } from "node:worker_threads";
import { type Deferred, deferred } from "../lib/waiting.ts";
import type { StoredDurability } from "./durability.ts";
import type { Answer, Batch, Committed, Opened, Place, Question } from "./messages.ts";
import { StoreError } from "./store-error.ts";

/** What a storage thread is to the thread that asks it: a Worker, or in tests one end of a MessageChannel. */
export interface Thread {
  postMessage(question: Question, transfer: ArrayBuffer[]): void;
  on(event: "message", listener: (answer: Answer) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "exit" | "close", listener: () => void): unknown;
  terminate?(): Promise<unknown>;
  unref(): void;
}

/** Runs what was built: tests of the sources serve a port of their own instead. */
export const startThread = (): Thread => new Worker(new URL("./thread/main.js", import.meta.url), { name: "storage" });

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: StoreError) => void };

/**
 * Asks the storage thread, one question at a time.
 *
 *     silent --a question--> waiting --its answer--> silent
 *     any    --closed, or it has failed--> closed: no question is asked any more
 */
export class StorageThread {
  readonly #thread: Thread;
  readonly #failed: (error: StoreError) => void;
  #waiting: Waiting | undefined;
  #rows: (rows: Uint8Array) => void = () => {};
  #closed = false;
  #path = "";
  readonly #gone: Deferred<void> = deferred();

  /** @param failed told when the thread can go on no more, whether or not a question was open */
  constructor(thread: Thread, failed: (error: StoreError) => void) {
    this.#thread = thread;
    this.#failed = failed;
    thread.on("message", (answer) => this.#hear(answer));
    thread.on("error", (error) =>
      this.#fail(new StoreError("fatal", `the storage thread failed: ${error.message}`, error)),
    );
    thread.on("exit", () => this.#ended());
    thread.on("close", () => this.#ended());
  }

  /** Rejects with a StoreError that says what to do. */
  async open(place: Place, durability: StoredDurability, rows: (rows: Uint8Array) => void): Promise<Opened> {
    this.#rows = rows;
    this.#path = place.path;
    return (await this.#ask({ ask: "open", place, durability })) as Opened;
  }

  /** The rows of the batch are not to be used afterwards. */
  async commit(batch: Batch): Promise<Committed> {
    return (await this.#ask({ ask: "commit", batch }, [batch.rows.buffer as ArrayBuffer])) as Committed;
  }

  /** SQLite's driver for Node 20 keeps the lock until the thread is gone. */
  async close(): Promise<void> {
    await this.#ask({ ask: "close" });
    await this.#gone.promise;
  }

  /** Ends a thread that has not opened its store. */
  async end(): Promise<void> {
    this.#closed = true;
    await this.#thread.terminate?.();
  }

  #ask(question: Question, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (this.#waiting !== undefined) throw new StoreError("fatal", "the storage thread was asked two things at once");
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#thread.postMessage(question, transfer);
    });
  }

  /** Who waits for the answer to the open question. */
  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  #hear(answer: Answer): void {
    if (answer.tell === "rows") this.#take(answer.rows);
    else if (answer.tell === "failed") this.#fail(new StoreError(answer.kind, answer.message));
    else {
      this.#closed = answer.tell === "closed";
      this.#settle()?.resolve(answer);
    }
  }

  /** A row that is whole and cannot be read is none of ours. */
  #take(rows: Uint8Array): void {
    try {
      this.#rows(rows);
    } catch (error) {
      const remedy = "it may be from a newer gearmand-ts: use that one, or another directory";
      this.#fail(new StoreError("open", `a job in ${this.#path} cannot be read (${String(error)}); ${remedy}`, error));
    }
  }

  #ended(): void {
    this.#gone.resolve();
    if (!this.#closed) this.#fail(new StoreError("fatal", "the storage thread has ended"));
  }

  #fail(error: StoreError): void {
    this.#closed = true;
    this.#thread.unref();
    this.#settle()?.reject(error);
    if (error.kind !== "open") this.#failed(error);
  }
}
