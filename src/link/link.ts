import { Conditions } from "../lib/waiting.ts";
import { dataOf, decodeBody } from "../protocol/decode.ts";
import { encodeRequest, encodeRequestHead } from "../protocol/encode.ts";
import { PACKET_NAMES, PACKETS, type PacketName } from "../protocol/packets.ts";
import { type Body, Reader } from "../protocol/reader.ts";
import type { Connection } from "../transport/connection.ts";
import { Outbox } from "../transport/outbox.ts";
import { GearmanError, reasonOf } from "./errors.ts";
import { isSizedStream, type Payload, type SizedStream } from "./payload.ts";
import { StreamSender } from "./stream-sender.ts";

/** A packet of the server. */
export interface Packet {
  readonly name: PacketName;
  /** Bytes as Latin-1. */
  readonly args: readonly string[];
  /** The receiver's own: it may be kept. */
  readonly data: Buffer;
}

/** Who is told what happens on a link. */
export interface LinkReceiver {
  packet(packet: Packet): void;
  /** The link is gone; comes once, after everything else. */
  closed(why: GearmanError): void;
}

/** Output that waits for the kernel, bytes, from which on senders should wait for `writable`. */
const HIGH_WATER = 1024 ** 2;

/** The largest packet that is taken from a server, bytes. */
const MAX_PACKET = 2 ** 31;

/**
 * A connection to a job server, in packets; those sent in one turn of the event loop leave in one write.
 *
 *     open --close()--> closing (what was sent goes out) --> closed
 *     open --destroy(), the server's end, an error, what is no packet of a server--> closed
 */
export class Link {
  readonly server: string;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #reader: Reader;
  readonly #drained: Conditions = new Conditions();
  readonly #streams: StreamSender;
  #receiver: LinkReceiver;
  #dirty = false;
  #why: GearmanError | undefined;
  #cause: Error | undefined;
  #closed = false;
  /** When the server last showed that it is there, monotonic milliseconds. */
  heardAt: number = performance.now();

  constructor(server: string, connection: Connection, receiver: LinkReceiver) {
    this.server = server;
    this.#connection = connection;
    this.#receiver = receiver;
    this.#outbox = new Outbox(connection, { now: () => 0, held: 0, sent: 0 }, () => this.#onProgress());
    this.#streams = new StreamSender(this.#outbox);
    this.#reader = new Reader(
      MAX_PACKET,
      { held: 0, max: Number.POSITIVE_INFINITY },
      {
        packet: (magic, type, body) => this.#packet(magic, type, body),
        line: () => this.#broken("it answered with text: is it a Gearman job server?"),
        refused: () => this.#broken(`it sent a packet of more than ${MAX_PACKET} bytes`),
        violation: (what) =>
          this.#broken(`it sent what is no Gearman packet (${what}): is TLS wanted, or another port?`),
      },
    );
    connection.open({
      chunk: (bytes) => this.#chunk(bytes),
      end: () => connection.end(),
      close: (error) => this.#gone(error),
    });
  }

  /** Says who is told from now on; one who comes too late is told that it is closed. */
  set receiver(receiver: LinkReceiver) {
    this.#receiver = receiver;
    if (this.#closed) queueMicrotask(() => receiver.closed(this.#reason()));
  }

  /** Whether senders should wait for `writable`. */
  get full(): boolean {
    return this.#outbox.bytes > HIGH_WATER;
  }

  /** Settles once there is room again, or the link is closed. */
  writable(): Promise<void> {
    return this.#drained.until(() => !this.full || this.#closed);
  }

  /**
   * Queues a request. Throws a RangeError if it is more than a header can say.
   *
   * @param onBroken told when `data` is a stream that broke off: half a packet is of no use, so the link is cut
   */
  send(
    name: PacketName,
    args: readonly string[] = [],
    data?: Payload,
    onBroken: (why: GearmanError) => void = () => {},
  ): void {
    if (isSizedStream(data)) this.#sendStream(streamHead(name, args, data), data, onBroken);
    else this.#outbox.write(encodeRequest(PACKETS[name], args, data));
    this.#flushSoon();
  }

  /** Stops and restarts reading: the server waits, too. */
  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  /** Closes once everything is sent. */
  close(): void {
    this.#why ??= new GearmanError("CLOSED", `the connection to ${this.server} was closed`);
    this.#flush();
    this.#outbox.end();
  }

  /** Cuts the connection at once, for that reason. */
  destroy(why: GearmanError): void {
    this.#why ??= why;
    this.#reader.stop();
    this.#connection.destroy();
  }

  #sendStream(head: Buffer, stream: SizedStream, onBroken: (why: GearmanError) => void): void {
    this.#streams.send(head, stream, (why) => {
      onBroken(why);
      this.destroy(why);
    });
  }

  #flushSoon(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#dirty = false;
    this.#outbox.flush();
  }

  /** The kernel's buffers are full when we are: that it takes more shows that the server does. */
  #onProgress(): void {
    if (this.full) this.heardAt = performance.now();
    this.#streams.progress();
    this.#drained.check();
  }

  #chunk(bytes: Buffer): void {
    this.heardAt = performance.now();
    this.#reader.push(bytes, 0, () => false);
  }

  #packet(magic: "request" | "response", type: number, body: Body): void {
    const name = PACKET_NAMES[type];
    if (name === undefined || magic === "request") return this.#broken("it sent a request");
    const decoded = decodeBody(PACKETS[name], body);
    if (typeof decoded === "string") return this.#broken(`its ${name} is malformed`);
    const data = dataOf(body, decoded);
    this.#receiver.packet({ name, args: decoded.args, data: body.owned ? data : Buffer.from(data) });
  }

  #broken(what: string): void {
    this.destroy(new GearmanError("PROTOCOL", `${this.server} was disconnected: ${what}`));
  }

  #gone(error: Error | undefined): void {
    this.#closed = true;
    this.#cause = error;
    this.#outbox.close();
    this.#streams.close();
    this.#drained.check();
    this.#receiver.closed(this.#reason());
  }

  #reason(): GearmanError {
    const reason = this.#cause === undefined ? "it closed the connection" : reasonOf(this.#cause);
    const cause = { cause: this.#cause };
    return this.#why ?? new GearmanError("LOST", `the connection to ${this.server} was lost: ${reason}`, cause);
  }
}

/** Throws before anything is sent: a packet of another size than it says takes its connection with it. */
function streamHead(name: PacketName, args: readonly string[], { size }: SizedStream): Buffer {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`the size of a stream is its bytes, not ${size}`);
  return encodeRequestHead(PACKETS[name], args, size);
}
