import { runCommand } from "../admin/commands.ts";
import { parseLine } from "../admin/parse.ts";
import { decodeBody } from "../protocol/decode.ts";
import type { Body, ReaderEvents, Violation } from "../protocol/reader.ts";
import { isForeignLine, isHttpRequest } from "./foreign.ts";
import { ROUTES } from "./handlers/index.ts";
import type { Hub } from "./hub.ts";
import { NO_JOB } from "./replies.ts";
import type { Session } from "./session.ts";

/** HOT: what a connection says, message by message: packets to their handlers, lines to their commands. */
export class Dispatch implements ReaderEvents {
  readonly #session: Session;
  readonly #hub: Hub;
  /** A whole message has come. */
  #began = false;

  constructor(session: Session) {
    this.#session = session;
    this.#hub = session.hub;
  }

  packet(magic: "request" | "response", type: number, body: Body): void {
    const session = this.#session;
    this.#hub.counters.packets++;
    const busy = this.#begin();
    if (magic === "response") return session.fail("responseMagic");
    const route = ROUTES[type];
    if (route === undefined) return session.fail("notARequest");
    const decoded = decodeBody(route.spec, body);
    if (typeof decoded === "string") return session.fail(decoded);
    return route.handler(session, { args: decoded.args, body, dataAt: decoded.dataAt, busy });
  }

  line(text: Buffer): void {
    this.#hub.counters.lines++;
    this.#hub.turn.lookNext();
    const first = !this.#began;
    this.#begin();
    const line = text.toString("latin1");
    if (isHttpRequest(line) || (first && isForeignLine(line))) return this.foreign();
    const words = parseLine(line);
    if (words === undefined) return this.violation("too many words");
    return this.#session.print(runCommand(words, this.#hub.admin));
  }

  refused(why: "packetTooLarge" | "inputFull"): void {
    this.#begin();
    this.#hub.counters.oversized++;
    this.#session.fail(why);
  }

  violation(why: Violation): void {
    this.#hub.counters.violations++;
    this.#hub.log.debug({ address: this.#address, why }, "connection closed: not the protocol");
    this.#session.hangUp();
  }

  /** It speaks another protocol. */
  foreign(): void {
    this.#hub.counters.foreign++;
    this.#hub.limitedLog.warn({ address: this.#address }, "connection closed: another protocol on the job port");
    this.#hub.counters.violations++;
    this.#session.hangUp();
  }

  get #address(): string {
    return this.#session.connection.remote.address;
  }

  /** A message came: a held grab is settled before it. Returns whether the message before it ended a job. */
  #begin(): boolean {
    const session = this.#session;
    this.#began = true;
    const busy = session.endedJob;
    session.endedJob = false;
    if (this.#hub.core.releaseGrab(session.peer)) session.send(NO_JOB);
    return busy;
  }
}
