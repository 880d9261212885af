import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Two sockets that are connected: one was made, the other accepted. */
export class SocketPair implements AsyncDisposable {
  readonly made: Socket;
  readonly accepted: Socket;
  readonly #server: Server;

  private constructor(server: Server, made: Socket, accepted: Socket) {
    this.#server = server;
    this.made = made;
    this.accepted = accepted;
  }

  static async open(): Promise<SocketPair> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const connection = once(server, "connection");
    const address = server.address();
    const made = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
    const [accepted] = await connection;
    return new SocketPair(server, made, accepted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.made.destroy();
    this.accepted.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
