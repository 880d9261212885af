import { Fifo } from "../lib/fifo.ts";
import { type Deferred, deferred } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";
import type { Link, Packet } from "../link/link.ts";
import type { Payload } from "../link/payload.ts";
import type { PacketName } from "../protocol/packets.ts";
import { Listeners } from "./listeners.ts";
import type { Place, Submission } from "./submission.ts";

/** What the server has yet to answer; it answers in order. */
type Pending =
  | { readonly submission: Submission; readonly since: number }
  | {
      readonly submission?: undefined;
      readonly answer: Deferred<Packet>;
      readonly expects: PacketName | undefined;
      readonly since: number;
    };

/** What servers answer to a question, if it is not an ERROR. */
const ANSWERS: Partial<Record<PacketName, PacketName>> = {
  ECHO_REQ: "ECHO_RES",
  OPTION_REQ: "OPTION_RES",
  GET_STATUS: "STATUS_RES",
  GET_STATUS_UNIQUE: "STATUS_RES_UNIQUE",
};

/** Submits that may wait for their JOB_CREATED; the others wait here, so that a busy server is not buried. */
const WINDOW = 1000;

/** What is said on one connection: the requests that wait for an answer, and the jobs that wait for their end. */
export class Conversation implements Place {
  readonly link: Link;
  readonly #turnAway: (submission: Submission) => void;
  readonly #pending: Fifo<Pending> = new Fifo();
  readonly #running: Listeners = new Listeners();
  #submits = 0;
  #holds = 0;
  /** Since when we read what comes, monotonic milliseconds. */
  #readingSince = 0;

  /** @param turnAway the server takes no more jobs: this one is to go elsewhere */
  constructor(link: Link, turnAway: (submission: Submission) => void) {
    this.link = link;
    this.#turnAway = turnAway;
  }

  get name(): string {
    return this.link.server;
  }

  /** Whether another submit should wait. */
  get full(): boolean {
    return this.#submits >= WINDOW || this.link.full;
  }

  /** Whether the server owes us something. */
  get busy(): boolean {
    return this.#pending.length > 0 || this.#running.size > 0;
  }

  /** Since when the oldest submit waits for its JOB_CREATED, monotonic milliseconds. While we do not read, it may have come. */
  get unacknowledgedSince(): number | undefined {
    if (this.#submits === 0 || this.#holds > 0) return undefined;
    for (const { submission, since } of this.#pending)
      if (submission !== undefined) return Math.max(since, this.#readingSince);
    return undefined;
  }

  submit(submission: Submission): void {
    const { packet, args, payload } = submission.request;
    submission.sentTo(this);
    this.#submits += 1;
    this.#pending.push({ submission, since: performance.now() });
    this.link.send(packet, args, payload, (why) => submission.fail(why));
  }

  /** Asks something, and resolves with the answer; an ERROR rejects. */
  ask(name: PacketName, args: readonly string[], data?: Payload): Promise<Packet> {
    const answer = deferred<Packet>();
    this.#pending.push({ answer, expects: ANSWERS[name], since: performance.now() });
    this.link.send(name, args, data);
    return answer.promise;
  }

  /** Makes the server wait as long as anybody holds. */
  hold(hold: boolean): void {
    this.#holds += hold ? 1 : -1;
    if (hold && this.#holds === 1) this.link.pause();
    if (hold || this.#holds > 0) return;
    this.#readingSince = performance.now();
    this.link.resume();
  }

  hear(packet: Packet): void {
    if (packet.name.startsWith("WORK_")) this.#running.deliver(packet);
    else this.#answered(packet);
  }

  /** The connection is gone: what it owed is handed back, jobs first that are not acknowledged. */
  end(why: GearmanError): Submission[] {
    const orphans: Submission[] = [];
    for (const { submission, ...request } of this.#pending.takeAll()) {
      if (submission !== undefined) orphans.push(submission);
      else if ("answer" in request) request.answer.reject(why);
    }
    return [...orphans, ...this.#running.takeAll()];
  }

  #answered(packet: Packet): void {
    const pending = this.#pending.first;
    if (pending === undefined || !isAnswer(packet, pending)) return this.#unexpected(packet);
    this.#pending.shift();
    if (pending.submission === undefined) return settle(pending.answer, packet, this.name);
    this.#submits -= 1;
    if (packet.name === "ERROR") this.#refused(pending.submission, packet);
    else this.#created(pending.submission, packet.args[0] ?? "");
  }

  #created(submission: Submission, handle: string): void {
    if (!submission.request.background) this.#running.add(handle, submission);
    submission.onCreated(handle);
  }

  /** Our own server says SHUTDOWN while it drains: nothing was done, so another one may have the job. */
  #refused(submission: Submission, packet: Packet): void {
    if (packet.args[0] === "SHUTDOWN") this.#turnAway(submission);
    else submission.fail(refusal(packet, this.name));
  }

  #unexpected({ name, args }: Packet): void {
    this.link.destroy(
      new GearmanError("PROTOCOL", `${this.name} was disconnected: it sent ${name} ${args.join(" ")} unasked`),
    );
  }
}

function isAnswer({ name }: Packet, pending: Pending): boolean {
  return name === "ERROR" || name === (pending.submission === undefined ? pending.expects : "JOB_CREATED");
}

function settle(answer: Deferred<Packet>, packet: Packet, server: string): void {
  if (packet.name === "ERROR") answer.reject(refusal(packet, server));
  else answer.resolve(packet);
}

function refusal({ args: [code = "", text = ""] }: Packet, server: string): GearmanError {
  return new GearmanError("REFUSED", `${server} refused: ${text} (${code})`, { serverCode: code });
}
