import type { Pieces } from "../admin/format.ts";
import type { Ticket } from "../core/job.ts";
import type { Peer } from "../core/peer.ts";
import { takeBlock } from "../lib/blocks.ts";
import type { Packet } from "../protocol/encode.ts";
import { ERRORS, type ErrorName } from "../protocol/errors.ts";
import { Reader } from "../protocol/reader.ts";
import type { Connection, ConnectionEvents } from "../transport/connection.ts";
import { Outbox } from "../transport/outbox.ts";
import type { Slot } from "../transport/output-queue.ts";
import { Dispatch } from "./dispatch.ts";
import { isTlsHello } from "./foreign.ts";
import type { Caller } from "./handlers/handler.ts";
import type { Hub } from "./hub.ts";
import { Intake, type IntakeOwner } from "./intake.ts";
import { overflows } from "./output-bounds.ts";
import type { Recipient } from "./printer.ts";
import { errorReply, jobCreated } from "./replies.ts";

/**
 * One connection: what it is sent goes out in order, and nothing is read while too much of it waits.
 *
 *     open   --peer ends, ERROR that closes, violation--> ending: what it sent is answered, then the connection closes
 *     open, ending --the connection is gone, or cut--> closed
 */
export class Session implements Caller, ConnectionEvents, IntakeOwner, Recipient {
  readonly hub: Hub;
  readonly peer: Peer;
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly #dispatch: Dispatch;
  readonly #intake: Intake;
  /** The last packet ended a job: a grab that follows may be held. Handlers of WORK_* set it. */
  endedJob = false;
  barrier = false;
  /** Something is to be done for it when the turn ends. {@link Turn} writes it. */
  touched = false;
  /** More was sent to it than may wait: it gets nothing more, and is cut when the turn ends. */
  overflows = false;
  /** When it began to end, monotonic milliseconds. */
  endedAt = 0;
  #state: "open" | "ending" | "closed" = "open";
  /** Replies that wait for a commit with the option `barrier`. */
  #barriers = 0;
  /** A long reply is in the making. */
  #printing = false;
  /** Bytes have come. */
  #heard = false;

  constructor(hub: Hub, connection: Connection, peer: Peer) {
    this.hub = hub;
    this.peer = peer;
    this.connection = connection;
    this.outbox = new Outbox(connection, hub.outputTotal, () => this.#outputWent());
    this.#dispatch = new Dispatch(this);
    const reader = new Reader(hub.limits.maxPacketBytes, hub.inputBudget, this.#dispatch, takeBlock);
    this.#intake = new Intake(connection, reader, this);
  }

  get now(): number {
    return this.hub.now;
  }

  get full(): boolean {
    return this.outbox.bytes > this.hub.limits.outputSoftBytes;
  }

  /** Nothing is read until the peer has taken what waits, or the long reply in the making is made. */
  get mustWait(): boolean {
    return this.full || this.#printing || this.#barriers > 0;
  }

  turnIsOver(): boolean {
    return this.hub.turn.isOver();
  }

  /** What was read before is served in a turn of its own. */
  goesOn(): void {
    this.hub.turn.touch(this);
  }

  turnEnded(): void {
    this.touched = false;
    this.outbox.flush();
    if (this.suspicious) this.hub.suspects.add(this);
  }

  get ending(): boolean {
    return this.#state === "ending";
  }

  /** The peer owes us the rest of a message. */
  get midMessage(): boolean {
    return this.#intake.midMessage;
  }

  /** It has sent nothing at all, and may not stay so. */
  get owesFirstByte(): boolean {
    return !this.#heard && this.hub.limits.firstByteTimeout > 0;
  }

  /** When bytes last came, or we last began to read again, monotonic milliseconds. */
  get inputAt(): number {
    return this.#intake.progressAt;
  }

  /** It could stall in a way that has to end it. */
  get suspicious(): boolean {
    return this.ending || this.midMessage || this.full || this.owesFirstByte;
  }

  chunk(bytes: Buffer): void {
    this.hub.counters.bytesIn += bytes.length;
    this.hub.turn.touch(this);
    const first = !this.#heard;
    this.#heard = true;
    if (first && isTlsHello(bytes)) this.#dispatch.foreign();
    else this.#intake.chunk(bytes);
  }

  room(): Buffer | undefined {
    return this.#intake.room();
  }

  filled(size: number): void {
    this.hub.counters.bytesIn += size;
    this.hub.turn.touch(this);
    this.#intake.filled(size);
  }

  end(): void {
    this.#intake.end();
  }

  /** What the peer sent is answered, then the connection closes, as gearmand does. */
  allServed(): void {
    this.hangUp();
  }

  close(): void {
    if (this.#state === "open") this.hub.leave(this);
    this.#state = "closed";
    this.#intake.stop();
    this.hub.printer.forget(this);
    this.outbox.close();
    this.hub.forget(this);
  }

  /** Cuts the connection: it holds too much, or too long. Not to be called while it is served. */
  cut(why: "stalledInput" | "stalledOutput" | "outputLimit"): void {
    this.hub.counters[why]++;
    this.hub.limitedLog.warn({ address: this.connection.remote.address, why }, "connection cut");
    this.connection.destroy();
    this.close();
  }

  /** Sends a packet, after all that was sent before. One may be for it a million times: what is too much is not kept until the turn ends. */
  send(packet: Packet): void {
    if (this.full) this.overflows ||= overflows(this.hub, this.outbox.bytes);
    if (!this.overflows) this.outbox.write(packet);
    this.hub.turn.touch(this);
  }

  /** Nothing more is read until then: what waits for a slow disk would pile up. */
  sendOnceStored(packet: Packet): void {
    const slot = this.outbox.reserve();
    this.#barriers++;
    this.hub.barrier(() => {
      this.#barriers--;
      this.outbox.fill(slot, packet);
      this.#resume();
    });
  }

  /** Sends ERROR, and hangs up if the table of errors says so. */
  fail(name: ErrorName): void {
    this.hub.counters.errors++;
    this.send(errorReply(name));
    if (ERRORS[name].then === "close") this.hangUp();
  }

  /** Answers a submit: now if its commit is settled, else in its place when it is. */
  answer(ticket: Ticket): void {
    if (ticket.state === "waiting") ticket.place = this.outbox.reserve();
    else this.send(this.#replyTo(ticket));
  }

  /** The commit that a submit waited for is settled. */
  settle(ticket: Ticket, slot: Slot): void {
    this.outbox.fill(slot, this.#replyTo(ticket));
    this.hub.turn.touch(this);
  }

  /** Sends a text reply; a table is made piece by piece while others are served. */
  print(reply: string | Pieces): void {
    this.hub.turn.touch(this);
    if (typeof reply === "string") return this.outbox.writeBytes(Buffer.from(reply, "latin1"));
    this.#printing = true;
    return this.hub.printer.start(this, this.outbox.reserve(), reply[Symbol.iterator]());
  }

  printed(slot: Slot, bytes: Buffer, complete: boolean): void {
    this.outbox.add(slot, [bytes], complete);
    this.hub.turn.touch(this);
    if (!complete) return;
    this.#printing = false;
    this.#intake.resume();
  }

  /** Takes part no more; what waits is sent, then the connection closes. */
  hangUp(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.endedAt = this.hub.now;
    this.#intake.stop();
    this.hub.leave(this);
    this.outbox.end();
    this.hub.turn.touch(this);
  }

  /** The peer has taken some: what waited for that goes on. */
  #outputWent(): void {
    if (this.#printing) this.hub.turn.touch(this);
    else this.#intake.resume();
  }

  #replyTo(ticket: Ticket): Packet {
    if (ticket.state === "acknowledged") return jobCreated(ticket.job);
    this.hub.counters.errors++;
    return errorReply(ticket.state === "no space" ? "noSpace" : "notStored");
  }

  #resume(): void {
    this.#intake.resume();
    this.hub.turn.touch(this);
  }
}
