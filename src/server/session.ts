import { runCommand } from "../admin/commands.ts";
import { parseLine } from "../admin/parse.ts";
import type { Ticket } from "../core/job.ts";
import type { Peer } from "../core/peer.ts";
import { decodeBody } from "../protocol/decode.ts";
import { ERRORS, type ErrorName } from "../protocol/errors.ts";
import { PACKET_NAMES, PACKETS } from "../protocol/packets.ts";
import { Reader, type ReaderEvents, type Violation } from "../protocol/reader.ts";
import type { Connection, ConnectionEvents } from "../transport/connection.ts";
import { Outbox } from "../transport/outbox.ts";
import { isForeignLine, isTlsHello } from "./foreign.ts";
import type { Caller } from "./handlers/handler.ts";
import { HANDLERS } from "./handlers/index.ts";
import type { Hub } from "./hub.ts";
import { errorReply, jobCreated, NO_JOB } from "./replies.ts";

/** How long one connection is served before the others have their turn, milliseconds. */
const TURN = 10;
/** How many messages are served before the clock is looked at again. */
const MESSAGES_PER_LOOK = 32;

/**
 * One connection: bytes in, to packets and lines, to handlers; replies out, in order.
 *
 *     open   --peer ends--> ending: what it sent is answered, then the connection closes
 *     open   --ERROR that closes, violation--> ending
 *     open, ending --the connection is gone, or cut--> closed
 *
 * While too much output waits for it, or when its turn is over, an open session is paused: nothing is read.
 */
export class Session implements Caller, ConnectionEvents, ReaderEvents {
  readonly hub: Hub;
  readonly peer: Peer;
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly #reader: Reader;
  /** The last packet ended a job: a grab that follows may be held. Handlers of WORK_* set it. */
  endedJob = false;
  /** When bytes last came, or we last began to read again, monotonic milliseconds. */
  inputAt: number;
  /** When it began to end, monotonic milliseconds. */
  endedAt = 0;
  #state: "open" | "ending" | "closed" = "open";
  #paused = false;
  /** Bytes have come. */
  #heard = false;
  /** A whole message has come. */
  #began = false;
  /** What was read but not served when it was paused. */
  #unserved: Buffer | undefined;
  #turnEnds = 0;
  #messagesLeft = 0;

  constructor(hub: Hub, connection: Connection, peer: Peer) {
    this.hub = hub;
    this.peer = peer;
    this.connection = connection;
    this.outbox = new Outbox(connection, hub.outputTotal, () => this.resume());
    this.#reader = new Reader(hub.limits.maxPacketBytes, hub.inputBudget, this);
    this.inputAt = hub.now;
  }

  get ending(): boolean {
    return this.#state === "ending";
  }

  /** It has sent nothing at all yet. */
  get silent(): boolean {
    return !this.#heard;
  }

  /** The peer owes us the rest of a message. */
  get midMessage(): boolean {
    return !this.#paused && this.#reader.midMessage;
  }

  chunk(bytes: Buffer): void {
    this.inputAt = this.hub.now;
    this.hub.counters.bytesIn += bytes.length;
    this.hub.touch(this);
    const first = this.silent;
    this.#heard = true;
    if (first && isTlsHello(bytes)) this.#foreign();
    this.#serve(bytes);
  }

  /** The peer sends no more: what it sent is answered, then the connection closes, as gearmand does. */
  end(): void {
    this.#hangUp();
  }

  close(): void {
    if (this.#state === "open") this.hub.leave(this);
    this.#state = "closed";
    this.#unserved = undefined;
    this.#reader.stop();
    this.outbox.close();
    this.hub.forget(this);
  }

  /** Cuts the connection: it holds too much, or too long. */
  cut(why: "stalledInput" | "stalledOutput" | "outputLimit"): void {
    this.hub.counters[why]++;
    this.hub.log.warn({ address: this.connection.remote.address, why }, "connection cut");
    this.connection.destroy();
    this.close();
  }

  packet(magic: "request" | "response", type: number, body: Buffer, owned: boolean): void {
    this.hub.counters.packets++;
    const busy = this.#begin();
    if (this.#state === "closed") return;
    if (magic === "response") return this.fail("responseMagic");
    const name = PACKET_NAMES[type];
    const handler = name === undefined ? undefined : HANDLERS[name];
    if (name === undefined || handler === undefined) return this.fail("notARequest");
    const decoded = decodeBody(PACKETS[name], body);
    if (typeof decoded === "string") return this.fail(decoded);
    return handler(this, { args: decoded.args, data: decoded.data, owned, busy });
  }

  line(text: Buffer): void {
    this.hub.counters.lines++;
    const first = !this.#began;
    this.#begin();
    if (this.#state === "closed") return;
    const line = text.toString("latin1");
    if (first && isForeignLine(line)) return this.#foreign();
    const words = parseLine(line);
    if (words === undefined) return this.violation("line too long");
    return this.send([Buffer.from(runCommand(words, this.hub.admin), "latin1")]);
  }

  refused(why: "packetTooLarge" | "inputFull"): void {
    this.#begin();
    this.hub.counters.oversized++;
    this.fail(why);
  }

  violation(why: Violation): void {
    this.hub.counters.violations++;
    this.hub.log.debug({ address: this.connection.remote.address, why }, "connection closed: not the protocol");
    this.#hangUp();
  }

  /** Sends a packet, after all that was sent before. */
  send(buffers: readonly Buffer[]): void {
    this.outbox.write(buffers);
    this.hub.touch(this);
    if (this.outbox.bytes > this.hub.limits.outputHardBytes) this.cut("outputLimit");
    else this.hub.checkOutput();
  }

  /** Sends ERROR, and hangs up if the table of errors says so. */
  fail(name: ErrorName): void {
    this.hub.counters.errors++;
    this.send(errorReply(name));
    if (ERRORS[name].then === "close") this.#hangUp();
  }

  /** Answers a submit: now if its commit is settled, else in its place when it is. */
  answer(ticket: Ticket): void {
    if (ticket.state === "acknowledged") this.send(jobCreated(ticket.job));
    else if (ticket.state === "refused") this.fail("notStored");
    else this.hub.awaitCommit(ticket, this, this.outbox.reserve());
  }

  /** Reads on, if there is room for the answers. */
  resume(): void {
    if (!this.#paused || this.#state === "closed" || this.#full) return;
    this.#paused = false;
    this.inputAt = this.hub.now;
    this.hub.touch(this);
    const bytes = this.#unserved;
    this.#unserved = undefined;
    if (bytes !== undefined) this.#serve(bytes);
    if (!this.#paused) this.connection.resume();
  }

  get #full(): boolean {
    return this.outbox.bytes > this.hub.limits.outputSoftBytes;
  }

  /** A message came: a held grab is settled before it, which may cut the connection. Returns whether the message before ended a job. */
  #begin(): boolean {
    this.#began = true;
    const busy = this.endedJob;
    this.endedJob = false;
    if (this.hub.core.releaseGrab(this.peer)) this.send(NO_JOB);
    return busy;
  }

  #serve(bytes: Buffer): void {
    this.#turnEnds = this.hub.now + TURN;
    this.#messagesLeft = MESSAGES_PER_LOOK;
    const at = this.#reader.push(bytes, 0, this.#mustPause);
    if (at < bytes.length || this.#full) this.#pause(bytes.subarray(at));
  }

  /** Between two messages: whether the others have their turn first, or the peer has to read its answers first. */
  readonly #mustPause = (): boolean => {
    if (this.#full) return true;
    if (--this.#messagesLeft > 0) return false;
    this.#messagesLeft = MESSAGES_PER_LOOK;
    return this.hub.now > this.#turnEnds;
  };

  #pause(unserved: Buffer): void {
    if (this.#state === "closed") return;
    this.#paused = true;
    this.connection.pause();
    this.#unserved = unserved.length === 0 ? undefined : Buffer.from(unserved);
    if (!this.#full) setImmediate(() => this.resume());
  }

  #foreign(): void {
    this.hub.counters.foreign++;
    this.hub.log.warn(
      { address: this.connection.remote.address },
      "connection closed: another protocol on the job port",
    );
    this.#reader.stop();
    this.hub.counters.violations++;
    this.#hangUp();
  }

  #hangUp(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.endedAt = this.hub.now;
    this.#reader.stop();
    this.hub.leave(this);
    this.outbox.end();
    this.hub.touch(this);
  }
}
