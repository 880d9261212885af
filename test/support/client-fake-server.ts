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
  #pending = "";
  #greeted = false;
  closed = false;

  constructor(connection: Connection, onRequest: (request: Request, session: FakeSession) => void) {
    this.#connection = connection;
    this.#onRequest = onRequest;
    connection.open({
      chunk: (bytes) => this.#receive(bytes.toString("latin1")),
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

  #receive(bytes: string): void {
    this.#pending += bytes;
    for (let size = this.#size(); size > 0; size = this.#size()) {
      const packet = this.#pending.slice(0, size);
      this.#pending = this.#pending.slice(size);
      const name = PACKET_NAMES[Buffer.from(packet, "latin1").readUInt32BE(4)];
      const request = { name, parts: packet.slice(HEADER_SIZE).split("\0") };
      if (this.#greeted || name !== "ECHO_REQ") this.#hear(request);
      else this.#greet();
    }
  }

  #greet(): void {
    this.#greeted = true;
    this.send("ECHO_RES", "");
  }

  #hear(request: Request): void {
    this.requests.push(request);
    this.#onRequest(request, this);
  }

  /** Of the first packet, header included; 0 while it is not there as a whole. */
  #size(): number {
    if (this.#pending.length < HEADER_SIZE) return 0;
    const size = HEADER_SIZE + Buffer.from(this.#pending.slice(0, HEADER_SIZE), "latin1").readUInt32BE(8);
    return this.#pending.length < size ? 0 : size;
  }
}

/** A server in this process that answers as the test says; `sessions` are its connections, oldest first. */
export class FakeServer {
  readonly sessions: FakeSession[] = [];
  readonly #onRequest: (request: Request, session: FakeSession) => void;
  readonly #onConnect: (session: FakeSession) => void;

  constructor(
    onRequest: (request: Request, session: FakeSession) => void,
    onConnect: (session: FakeSession) => void = () => {},
  ) {
    this.#onRequest = onRequest;
    this.#onConnect = onConnect;
  }

  connect(): Connection {
    const [ours, theirs] = MemoryConnection.pair();
    const session = new FakeSession(theirs, this.#onRequest);
    this.sessions.push(session);
    this.#onConnect(session);
    return ours;
  }
}
