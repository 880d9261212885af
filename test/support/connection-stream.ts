import { Duplex } from "node:stream";
import type { Connection } from "../../src/transport/connection.ts";

/** A connection of the product as a Node stream: for test code that talks to a server in this process. */
export class ConnectionStream extends Duplex {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
    connection.open({
      // The chunk is only valid during the call.
      chunk: (bytes) => this.push(Buffer.from(bytes)),
      end: () => this.push(null),
      close: () => this.destroy(),
    });
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#connection.write([chunk], done);
  }

  override _final(done: () => void): void {
    this.#connection.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.destroy();
    done(error);
  }
}
