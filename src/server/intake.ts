import type { Reader } from "../protocol/reader.ts";
import type { Connection } from "../transport/connection.ts";

/** What an intake asks of its session. */
export interface IntakeOwner {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** Nothing is to be read: the peer has to read first, or a reply is in the making. */
  readonly mustWait: boolean;
  /** Connections were served long enough in this turn of the event loop: the rest has its turn. */
  turnIsOver(): boolean;
  /** What was read but not served is served now. */
  goesOn(): void;
  /** The peer sends no more, and all that it sent is served. */
  allServed(): void;
}

const NOTHING = Buffer.alloc(0);

/**
 * What comes in on a connection, fed to its reader.
 *
 *     reading --its turn is over, too much output waits--> paused --the others had theirs, the peer took some--> reading
 *     reading, paused --the peer ends--> as before, and ended once all is served
 *     any --stop()--> stopped: what still comes is thrown away
 */
export class Intake {
  readonly #connection: Connection;
  readonly #reader: Reader;
  readonly #owner: IntakeOwner;
  /** When bytes last came, or we last began to read again, monotonic milliseconds. */
  progressAt: number;
  #paused = false;
  /** It goes on when the others have had their turn, and not before. */
  #hasNextTurn = false;
  #peerEnded = false;
  #stopped = false;
  /** What was read but not served when it was paused. */
  #unserved: Buffer | undefined;

  constructor(connection: Connection, reader: Reader, owner: IntakeOwner) {
    this.#connection = connection;
    this.#reader = reader;
    this.#owner = owner;
    this.progressAt = owner.now;
  }

  /** The peer owes us the rest of a message. */
  get midMessage(): boolean {
    return !this.#paused && this.#reader.midMessage;
  }

  chunk(bytes: Buffer): void {
    this.progressAt = this.#owner.now;
    if (this.#paused) this.#wait(bytes);
    else this.#serve(bytes);
  }

  /** Where the next bytes are rather to be put, if anywhere. */
  room(): Buffer | undefined {
    return this.#paused || this.#stopped ? undefined : this.#reader.room();
  }

  /** So many bytes came where {@link room} said. */
  filled(size: number): void {
    this.progressAt = this.#owner.now;
    this.#reader.filled(size);
    if (!this.#stopped && this.#mustPause()) this.#pause(NOTHING);
  }

  /** The peer sends no more; a socket says so even while it is paused. */
  end(): void {
    this.#peerEnded = true;
    if (!this.#paused) this.#owner.allServed();
  }

  /** Reads on, if there is room for the answers. */
  resume(): void {
    if (!this.#paused || this.#stopped || this.#hasNextTurn || this.#owner.mustWait) return;
    this.#paused = false;
    this.progressAt = this.#owner.now;
    const bytes = this.#unserved;
    this.#unserved = undefined;
    if (bytes !== undefined) this.#serveRest(bytes);
    if (this.#paused) return;
    if (this.#peerEnded) this.#owner.allServed();
    else this.#connection.resume();
  }

  /** Reads no more. The connection flows on, so that its end is seen. */
  stop(): void {
    this.#stopped = true;
    this.#unserved = undefined;
    this.#reader.stop();
    if (this.#paused) this.#connection.resume();
    this.#paused = false;
  }

  /** A TLS socket tells of what it had decrypted before it was paused: that stands behind what was left. */
  #wait(chunk: Buffer): void {
    this.#unserved = Buffer.concat([this.#unserved ?? NOTHING, chunk]);
  }

  /** A chunk is only valid now: what is left of it is copied. */
  #serve(chunk: Buffer): void {
    const at = this.#reader.push(chunk, 0, this.#mustPause);
    if (this.#stoppedShort(chunk, at)) this.#pause(Buffer.from(chunk.subarray(at)));
  }

  /** What was left is ours. */
  #serveRest(bytes: Buffer): void {
    this.#owner.goesOn();
    const at = this.#reader.push(bytes, 0, this.#mustPause);
    if (this.#stoppedShort(bytes, at)) this.#pause(bytes.subarray(at));
  }

  /** Whether the reader stopped there to pause. */
  #stoppedShort(bytes: Buffer, at: number): boolean {
    return !this.#stopped && (at < bytes.length || this.#owner.mustWait);
  }

  /** Between two messages: whether the peer has to read its answers first, or the others have their turn. */
  readonly #mustPause = (): boolean => this.#owner.mustWait || this.#owner.turnIsOver();

  #pause(unserved: Buffer): void {
    this.#paused = true;
    this.#connection.pause();
    this.#unserved = unserved.length === 0 ? undefined : unserved;
    if (this.#owner.mustWait || this.#hasNextTurn) return;
    this.#hasNextTurn = true;
    setImmediate(this.#nextTurn);
  }

  readonly #nextTurn = (): void => {
    this.#hasNextTurn = false;
    this.resume();
  };
}
