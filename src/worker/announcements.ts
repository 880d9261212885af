import type { PacketName } from "../protocol/packets.ts";
import type { Ability } from "./attempt.ts";

/** A server sends it back as it is. */
const ECHO = Buffer.from("gearmand-ts");

/** Sends on the connection, as long as it can be sent on. */
type Send = (name: PacketName, args?: readonly string[], data?: Uint8Array) => void;

/**
 * What one server was told that we can do, and whether it has heard: CAN_DO has no answer, so an ECHO_REQ goes behind it.
 *
 *     unknown --announce()--> announced --ECHO_RES--> known --withdraw()--> unknown
 */
export class Announcements {
  readonly #send: Send;
  readonly #onKnown: () => void;
  readonly #known: Set<string> = new Set();
  /** What each ECHO_REQ that is not answered yet was for; answers come in order. */
  readonly #echoes: (string | undefined)[] = [];

  constructor(send: Send, onKnown: () => void) {
    this.#send = send;
    this.#onKnown = onKnown;
  }

  announce({ wireName, timeout }: Ability): void {
    if (timeout === undefined) this.#send("CAN_DO", [wireName]);
    else this.#send("CAN_DO_TIMEOUT", [wireName, String(timeout)]);
    this.ask(wireName);
  }

  /** The server gives what it thinks we still run of it to others. */
  withdraw(wireName: string): void {
    this.#known.delete(wireName);
    this.#send("CANT_DO", [wireName]);
  }

  /** Asks whether the server is there, and has heard what was said before. */
  ask(about?: string): void {
    this.#echoes.push(about);
    this.#send("ECHO_REQ", [], ECHO);
  }

  /** ECHO_RES came. */
  answered(): void {
    const about = this.#echoes.shift();
    if (about === undefined) return;
    this.#known.add(about);
    this.#onKnown();
  }

  knows(wireName: string): boolean {
    return this.#known.has(wireName);
  }
}
