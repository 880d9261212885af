import type { Connection, ConnectionEvents, Remote } from "./connection.ts";

/** What one end sent and the other has not taken yet. */
type Arrival = { readonly bytes: Buffer; readonly done: () => void } | "end";

/**
 * One end of a pair of connections without a socket: for tests, and for clients in the same process. Behaves as a socket does:
 *
 *     open --end()--> half closed (still reads)     --the other ends too--> closed
 *     open --destroy(), the other is destroyed--> closed
 */
export class MemoryConnection implements Connection {
  readonly remote: Remote = { address: "memory", port: 0 };
  #other: MemoryConnection | undefined;
  #events: ConnectionEvents | undefined;
  #arrived: Arrival[] = [];
  #paused = false;
  #scheduled = false;
  #ended = false;
  #otherEnded = false;
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

  write(buffers: readonly Buffer[], done: () => void): boolean {
    this.#send({ bytes: Buffer.concat(buffers), done });
    return false;
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
    this.#ended = true;
    if (this.#otherEnded) this.#close();
  }

  destroy(): void {
    this.#arrived = [];
    this.#close();
    if (this.#other !== undefined) this.#other.#close();
  }

  #send(what: Arrival): void {
    if (!this.#ended && !this.#closed && this.#other !== undefined) this.#other.#arrive(what);
  }

  /** What arrived before is delivered, unless it is paused: then it is lost, as with a socket that is reset. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => {
      this.#deliver();
      this.#arrived = [];
      this.#events?.close();
    });
  }

  #arrive(what: Arrival): void {
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
    while (this.#events !== undefined) {
      // As with a socket, the end is heard though it is paused.
      if (this.#paused && this.#arrived[0] !== "end") return;
      const what = this.#arrived.shift();
      if (what === undefined) return;
      if (what === "end") this.#hearEnd(this.#events);
      else {
        this.#events.chunk(what.bytes);
        what.done();
      }
    }
  }

  #hearEnd(events: ConnectionEvents): void {
    this.#otherEnded = true;
    events.end();
    if (this.#ended) this.#close();
  }
}
