import type { Connection, ConnectionEvents, Remote } from "./connection.ts";

/** One end of a pair of connections without a socket: for tests, and for clients in the same process. */
export class MemoryConnection implements Connection {
  readonly remote: Remote = { address: "memory", port: 0 };
  #other: MemoryConnection | undefined;
  #events: ConnectionEvents | undefined;
  #arrived: (Buffer | "end")[] = [];
  #paused = false;
  #scheduled = false;
  #closed = false;

  /** Two ends; what is written to one comes out of the other. */
  static pair(): [MemoryConnection, MemoryConnection] {
    const [a, b] = [new MemoryConnection(), new MemoryConnection()];
    a.#other = b;
    b.#other = a;
    return [a, b];
  }

  open(events: ConnectionEvents): void {
    this.#events = events;
    this.#schedule();
  }

  write(buffers: readonly Buffer[], done: () => void): void {
    this.#send(Buffer.concat(buffers));
    setImmediate(done);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  end(): void {
    this.#send("end");
  }

  destroy(): void {
    this.#close();
    if (this.#other !== undefined) this.#other.#close();
  }

  #send(what: Buffer | "end"): void {
    if (this.#other !== undefined) this.#other.#arrive(what);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => {
      this.#deliver();
      this.#events?.close();
    });
  }

  #arrive(what: Buffer | "end"): void {
    if (this.#closed) return;
    this.#arrived.push(what);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (!this.#paused && this.#events !== undefined) {
      const what = this.#arrived.shift();
      if (what === undefined) return;
      if (what !== "end") this.#events.chunk(what);
      else this.#events.end();
    }
  }
}
