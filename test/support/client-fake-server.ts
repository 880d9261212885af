import { HEADER_SIZE } from "../../src/protocol/header.ts";
import { PACKET_NAMES, type PacketName } from "../../src/protocol/packets.ts";
import type { Connection } from "../../src/transport/connection.ts";
import { MemoryConnection } from "../../src/transport/memory-connection.ts";
import { encode } from "./wire.ts";

/** A packet of the client, as the fake server got it. */
export interface Request {
  readonly name: PacketName | undefined;
  /** Its body, with NULs between the arguments. */
  readonly parts: readonly string[];
}

/**
 * The fake server's end of one connection. The first ECHO_REQ, with which the client sees whether anybody is there, it answers by itself;
 * the test sees what comes then.
 */
export class FakeSession {
  readonly requests: Request[] = [];
  readonly #connection: Connection;
  readonly #onRequest: (request: Request, session: FakeSession) => void;
  #pending: Buffer[] = [];
  #bytes = 0;
  /** Bytes that must have come before it is worth a look. */
  #wanted: number = HEADER_SIZE;
  #greeted = false;
  closed = false;

  constructor(connection: Connection, onRequest: (request: Request, session: FakeSession) => void) {
    this.#connection = connection;
    this.#onRequest = onRequest;
    connection.open({
      chunk: (bytes) => this.#receive(bytes),
      end: () => connection.end(),
      close: () => {
        this.closed = true;
      },
    });
  }

  /** Sends bytes as they are, Latin-1. */
  write(bytes: string): void {
    this.#connection.write([Buffer.from(bytes, "latin1")], () => {});
  }

  send(name: PacketName, ...args: string[]): void {
    this.write(encode(name, args, "RES"));
  }

  /** Stops reading. */
  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#pending.push(Buffer.from(bytes));
    this.#bytes += bytes.length;
    while (this.#bytes >= this.#wanted) this.#next();
  }

  /** Enough has come for a header, or for the packet that it begins. */
  #next(): void {
    const all = Buffer.concat(this.#pending);
    this.#pending = [all];
    this.#wanted = HEADER_SIZE + all.readUInt32BE(8);
    if (all.length < this.#wanted) return;
    this.#pending = [all.subarray(this.#wanted)];
    this.#bytes -= this.#wanted;
    const name = PACKET_NAMES[all.readUInt32BE(4)];
    const request = { name, parts: all.toString("latin1", HEADER_SIZE, this.#wanted).split("\0") };
    this.#wanted = HEADER_SIZE;
    if (this.#greeted || name !== "ECHO_REQ") this.#hear(request);
    else this.#greet();
  }

  #greet(): void {
    this.#greeted = true;
    this.send("ECHO_RES", "");
  }

  #hear(request: Request): void {
    this.requests.push(request);
    this.#onRequest(request, this);
  }
}

/** A server in this process that answers as the test says; `sessions` are its connections, oldest first. */
export class FakeServer {
  readonly sessions: FakeSession[] = [];
  readonly #onRequest: (request: Request, session: FakeSession) => void;

  constructor(onRequest: (request: Request, session: FakeSession) => void) {
    this.#onRequest = onRequest;
  }

  connect(): Connection {
    const [ours, theirs] = MemoryConnection.pair();
    const session = new FakeSession(theirs, this.#onRequest);
    this.sessions.push(session);
    return ours;
  }
}
