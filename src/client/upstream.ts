import { Fifo } from "../lib/fifo.ts";
import type { Target } from "../link/address.ts";
import { BackOff } from "../link/back-off.ts";
import { GearmanError } from "../link/errors.ts";
import type { Link, Packet } from "../link/link.ts";
import { type OpenOptions, openLink } from "../link/open-link.ts";
import { Conversation } from "./conversation.ts";
import type { Submission } from "./submission.ts";
import { Watch } from "./watch.ts";

/** After how long at the most a server that is down is tried again, milliseconds: jobs should not wait long for one that is back. */
const BACK_OFF = { first: 50, most: 2000 };

/** Those who closed may take so long to send what is left, milliseconds. */
const LAST_WORDS = 500;

export interface UpstreamOptions extends OpenOptions {
  readonly exceptions: boolean;
  readonly ackTimeout: number;
}

/** Who is told what becomes of a server. */
export interface UpstreamOwner {
  connected(upstream: Upstream): void;
  /** It is down, or was never reached; it is tried again by and by. */
  disconnected(upstream: Upstream, why: GearmanError): void;
  /** A job that this server will not do: it is to go elsewhere. */
  orphaned(submission: Submission): void;
  /** A job that this server had, and may have done. */
  lost(submission: Submission, upstream: Upstream, why: GearmanError): void;
}

/**
 * One of the client's servers.
 *
 *     idle       --a job--> connecting --connected--> up
 *     connecting --failed--> down      up --lost--> down
 *     down       --back-off--> connecting, in which state it is not chosen
 *     up         --it says SHUTDOWN--> leaving: not chosen, its jobs run on --lost--> down
 *     any        --close()--> closed
 */
export class Upstream {
  readonly #target: Target;
  readonly #options: UpstreamOptions;
  readonly #owner: UpstreamOwner;
  readonly #backOff: BackOff = new BackOff(BACK_OFF);
  #state: "idle" | "connecting" | "up" | "leaving" | "down" | "closed" = "idle";
  #tried = false;
  #conversation: Conversation | undefined;
  #watch: Watch | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #waiting: Fifo<Submission> = new Fifo();
  /** Somebody waits for room on the link, to go on sending. */
  #stalled = false;
  /** The attempt to connect, if there is one. */
  #attempt: Promise<void> | undefined;
  readonly #giveUp: AbortController = new AbortController();
  /** Why it is down, or was last. */
  #trouble: GearmanError | undefined;
  #gone: () => void = () => {};

  constructor(target: Target, options: UpstreamOptions, owner: UpstreamOwner) {
    this.#target = target;
    this.#options = options;
    this.#owner = owner;
  }

  get name(): string {
    return this.#target.name;
  }

  /** Whether it may be given jobs: it is up, or nothing is known against it. */
  get usable(): boolean {
    return this.#state === "idle" || this.#state === "up" || (this.#state === "connecting" && !this.#tried);
  }

  /** Takes a job; sends it when there is a connection, and room on it. */
  take(submission: Submission): void {
    this.#waiting.push(submission);
    if (this.#state === "idle") this.#connect();
    else this.#pump();
  }

  /** Asks something; rejects if the server is not there. */
  async ask(...[name, args, data]: Parameters<Conversation["ask"]>): Promise<Packet> {
    if (this.#state === "idle") this.#connect();
    await this.#attempt;
    if (this.#closed) throw new GearmanError("CLOSED", "the client was closed");
    if (this.#conversation !== undefined) return this.#conversation.ask(name, args, data);
    const [reason, cause] = [this.#trouble?.message, this.#trouble];
    throw new GearmanError("NO_SERVER", `${this.name} is not connected: ${reason}`, { cause });
  }

  async close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#retry);
    this.#giveUp.abort(new GearmanError("CLOSED", "the client was closed"));
    const link = this.#conversation?.link;
    if (link === undefined) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    link.close();
    const cut = setTimeout(() => link.destroy(new GearmanError("CLOSED", "closed")), LAST_WORDS);
    await gone;
    clearTimeout(cut);
  }

  #connect(): void {
    this.#state = "connecting";
    this.#attempt = openLink(this.#target, this.#options, this.#giveUp.signal).then(
      (link) => this.#connected(link),
      (error: GearmanError) => this.#down(error),
    );
  }

  #connected(link: Link): void {
    if (this.#closed) link.destroy(new GearmanError("CLOSED", "the client was closed"));
    else this.#up(link);
  }

  #up(link: Link): void {
    const conversation = new Conversation(link, (submission) => this.#turnAway(submission));
    this.#conversation = conversation;
    this.#watch = new Watch(conversation, this.#target, this.#options, this.#options.ackTimeout);
    link.receiver = { packet: (packet) => this.#hear(conversation, packet), closed: (why) => this.#down(why) };
    if (this.#options.exceptions) conversation.ask("OPTION_REQ", ["exceptions"]).catch(() => {}); // without it they come as WORK_FAIL
    this.#state = "up";
    this.#owner.connected(this);
    this.#pump();
  }

  #hear(conversation: Conversation, packet: Packet): void {
    this.#backOff.succeeded();
    conversation.hear(packet);
    if (this.#waiting.length > 0) this.#pump();
  }

  #pump(): void {
    const conversation = this.#conversation;
    while (conversation !== undefined && this.#waiting.length > 0) {
      if (conversation.full) return this.#pumpLater(conversation.link);
      const submission = this.#waiting.shift();
      if (submission?.settled === false) conversation.submit(submission);
    }
  }

  /** Answers make room, too: they pump by themselves. */
  #pumpLater(link: Link): void {
    if (this.#stalled || !link.full) return;
    this.#stalled = true;
    void link.writable().then(() => {
      this.#stalled = false;
      this.#pump();
    });
  }

  #turnAway(submission: Submission): void {
    if (this.#state === "up") this.#state = "leaving";
    for (const orphan of [submission, ...this.#waiting.takeAll()]) this.#owner.orphaned(orphan);
  }

  #down(why: GearmanError): void {
    this.#watch?.stop();
    const had = this.#conversation?.end(why) ?? [];
    this.#conversation = undefined;
    if (this.#closed) return this.#gone();
    this.#state = "down";
    this.#trouble = why;
    this.#tried = true;
    this.#retry = setTimeout(() => this.#connect(), this.#backOff.failed());
    this.#owner.disconnected(this, why);
    for (const submission of this.#waiting.takeAll()) this.#owner.orphaned(submission);
    for (const submission of had) this.#owner.lost(submission, this, why);
  }

  get #closed(): boolean {
    return this.#state === "closed";
  }
}
