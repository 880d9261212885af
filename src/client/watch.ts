import type { Target } from "../link/address.ts";
import { GearmanError } from "../link/errors.ts";
import type { OpenOptions } from "../link/open-link.ts";
import type { Conversation } from "./conversation.ts";
import { Probe } from "./probe.ts";

/** How often it is looked, milliseconds. With those below: a server that falls silent is given up within 5 s. */
const LOOK = 500;
/** A server that owes us something is probed when it was silent for so long, milliseconds. */
const SILENCE = 1500;
/** It has so long to answer the probe, a new connection for it included, milliseconds. */
const ANSWER = 2500;

/**
 * Looks after a server that owes us something, and cuts the connection when it is dead.
 *
 * A server that keeps its submits waiting is not dead if it answers a probe: its disk may be slow, and sending the same jobs elsewhere
 * would only make more of them. So the probe has a connection of its own, and submits have a time limit of their own.
 */
export class Watch {
  readonly #conversation: Conversation;
  readonly #ackTimeout: number;
  readonly #probe: Probe;
  readonly #timer: NodeJS.Timeout;
  #aliveAt = 0;
  #stopped = false;

  constructor(conversation: Conversation, target: Target, options: OpenOptions, ackTimeout: number) {
    this.#conversation = conversation;
    this.#ackTimeout = ackTimeout;
    this.#probe = new Probe(target, { ...options, timeout: ANSWER });
    // When this process has stood still, what came meanwhile is in the kernel: it is read before setImmediate comes.
    this.#timer = setInterval(() => setImmediate(() => this.#look(performance.now())), LOOK).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#probe.close();
  }

  #look(now: number): void {
    if (this.#stopped) return;
    const { busy, unacknowledgedSince = now, link } = this.#conversation;
    if (!busy) return this.#probe.close();
    if (now - unacknowledgedSince > this.#ackTimeout) {
      return this.#giveUp(`it did not acknowledge a job within ${this.#ackTimeout} ms`);
    }
    this.#aliveAt = Math.max(this.#aliveAt, link.heardAt);
    if (now - this.#aliveAt > SILENCE && !this.#probe.busy) void this.#ask();
  }

  async #ask(): Promise<void> {
    // Whoever has forgotten the connection, having been started anew, breaks it now. The answer is not waited for.
    this.#conversation.ask("ECHO_REQ", []).catch(() => {});
    if (await this.#probe.ask(ANSWER)) this.#aliveAt = performance.now();
    else this.#giveUp(`it was silent for ${SILENCE + ANSWER} ms`);
  }

  #giveUp(what: string): void {
    const { link } = this.#conversation;
    link.destroy(new GearmanError("LOST", `${link.server} was given up: ${what}`));
  }
}
