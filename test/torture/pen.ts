import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TortureRecord } from "./records.ts";

/** Writes into the ledger; the lines of one turn of the event loop leave together. */
export class Pen {
  readonly #socket: Socket;
  #lines = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(path: string): Promise<Pen> {
    const socket = connect(path);
    await once(socket, "connect");
    return new Pen(socket);
  }

  readonly write = (record: TortureRecord): void => {
    if (this.#lines === "") setImmediate(() => this.#flush());
    this.#lines += `${JSON.stringify(record)}\n`;
  };

  /** Settles once all is written. */
  async close(): Promise<void> {
    this.#flush();
    this.#socket.end();
    await once(this.#socket, "close");
  }

  /** What is said after the end is no part of the run. */
  #flush(): void {
    if (!this.#socket.writableEnded) this.#socket.write(this.#lines);
    this.#lines = "";
  }
}
