import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Asks for a reply that ends with a line of one dot, again and again, and reads all of it. */
export class Asker implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #began = performance.now();
  #answered = 0;
  #end = "";

  private constructor(socket: Socket, command: string) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk, command));
    socket.write(`${command}\n`);
  }

  static async start(port: number, command: string): Promise<Asker> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new Asker(socket, command);
  }

  /** Replies so far. */
  get perSecond(): number {
    return (this.#answered * 1000) / (performance.now() - this.#began);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }

  /** No other line ends with a dot. */
  #read(chunk: Buffer, command: string): void {
    this.#end = (this.#end + chunk.toString("latin1", Math.max(0, chunk.length - 2))).slice(-2);
    if (this.#end !== ".\n") return;
    this.#answered++;
    this.#socket.write(`${command}\n`);
  }
}
