import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { PacketName } from "../../src/protocol/packets.ts";
import { encode, Wire, type WireEvent } from "../support/wire.ts";
import { type SentJob, workloadOf } from "./job.ts";
import type { GivenJob } from "./judge.ts";
import type { Account, Ledger } from "./ledger.ts";

/** How long an answer may take before a test fails, milliseconds. */
const PATIENCE = 20_000;

/** The server is gone: whoever speaks with it has nothing more to say. */
export class Gone extends Error {
  override readonly name = "Gone";
}

type Packet = Extract<WireEvent, { kind: "packet" }>;
const isPacket = (event: WireEvent): event is Packet => event.kind === "packet";

/** A submit whose answer is to be heard, and how many ends were sent before it. */
interface Offer {
  readonly account: Account;
  readonly ends: number;
}

/** A client or worker that tells the ledger what it sends and hears. Rejects with Gone when the server is. */
export class Talk {
  readonly #wire: Wire;
  readonly #ledger: Ledger;
  readonly #name: string;
  /** Handles of jobs whose ends were sent here; the first `#stored` of them are known to be stored. */
  readonly #ends: string[] = [];
  #stored = 0;

  constructor(stream: Duplex, ledger: Ledger, name: string) {
    this.#wire = new Wire(stream);
    this.#ledger = ledger;
    this.#name = name;
  }

  static async connect(port: number, ledger: Ledger, name: string): Promise<Talk> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect").catch(() => Promise.reject(new Gone()));
    return new Talk(socket, ledger, name);
  }

  close(): void {
    this.#wire.destroy();
  }

  get ended(): boolean {
    return this.#wire.ended;
  }

  send(name: PacketName, ...args: string[]): void {
    this.#wire.send(encode(name, args));
  }

  /** Sends them all, then hears what became of each: empty, or why it was refused. */
  submit(...jobs: SentJob[]): Promise<string[]> {
    return this.answers(jobs.map((job) => this.offer(job)));
  }

  /** Sends a job; its answer is to be heard later. */
  offer(job: SentJob): Offer {
    const account = this.#ledger.submitted(job, this.#name);
    this.#wire.send(submitPacket(job));
    return { account, ends: this.#ends.length };
  }

  /** The answers to offers, in their order. One that is acknowledged by a commit tells that all sent before it is stored. */
  async answers(offers: readonly Offer[]): Promise<string[]> {
    const refusals: string[] = [];
    for (const { account, ends } of offers) {
      const { name, args } = await this.packet("JOB_CREATED", "ERROR");
      account.refused = name === "ERROR";
      if (!account.refused) this.#ledger.created(account, args[0] ?? "");
      if (account.job.background && !account.joined && !account.refused) this.#endsStored(ends);
      refusals.push(account.refused ? args.join(" ") : "");
    }
    return refusals;
  }

  /** Takes up to so many jobs. */
  async grab(count: number): Promise<GivenJob[]> {
    this.#wire.send(encode("GRAB_JOB_ALL", []).repeat(count));
    const given: GivenJob[] = [];
    for (let nth = 0; nth < count; nth++) {
      const { name, args } = await this.packet("JOB_ASSIGN_ALL", "JOB_ASSIGN_UNIQ", "NO_JOB");
      if (name === "NO_JOB") continue;
      const [handle = "", fn = "", unique = "", ...rest] = args;
      const [workload = "", reducer = ""] = rest.reverse(); // only reduce jobs have one
      this.#ledger.started(handle);
      given.push({ handle, function: fn, unique, reducer, workload });
    }
    return given;
  }

  end(how: "WORK_COMPLETE" | "WORK_FAIL" | "WORK_EXCEPTION", { handle }: Pick<GivenJob, "handle">): void {
    this.#ledger.ended(handle);
    this.#ends.push(handle);
    this.send(how, handle, ...(how === "WORK_FAIL" ? [] : ["done"]));
  }

  /** Settles when all that was sent here is stored. Asks for that once. */
  async barrier(): Promise<void> {
    const ends = this.#ends.length;
    this.send("OPTION_REQ", "barrier");
    await this.packet("OPTION_RES");
    this.send("ECHO_REQ", "stored");
    await this.packet("ECHO_RES");
    this.#endsStored(ends);
  }

  /** The operator drops a job. */
  async cancel(handle: string): Promise<void> {
    this.#ledger.ended(handle);
    await this.text(`cancel job ${handle}`);
  }

  /** What a text command answers, up to a line end after which nothing more belongs to it. */
  async text(command: string): Promise<string> {
    this.#wire.send(`${command}\n`);
    const reply = (): string => this.#wire.events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    await this.#until(() => /(^|\n)(\.|(OK|ERR)[^\n]*)\r?\n$/.test(reply()), command);
    const answer = reply();
    this.#wire.events.length = 0;
    return answer;
  }

  /** The first packet of one of these names, past or to come. It is taken; others stay. */
  async packet(...names: PacketName[]): Promise<Packet> {
    const { events } = this.#wire;
    const at = (): number => events.findIndex((event) => isPacket(event) && names.includes(event.name));
    await this.#until(() => at() >= 0, names.join(" or "));
    const [event] = events.splice(at(), 1);
    if (event === undefined || !isPacket(event)) throw new Error("it was there");
    return event;
  }

  async #until(ready: () => boolean, what: string): Promise<void> {
    await this.#wire.until(() => ready() || this.#wire.ended, PATIENCE);
    if (ready()) return;
    if (this.#wire.ended) throw new Gone(`no ${what}`);
    throw new Error(`no ${what}, but ${JSON.stringify(this.#wire.events).slice(0, 500)}`);
  }

  #endsStored(count: number): void {
    this.#ledger.durable(this.#ends.slice(this.#stored, count));
    this.#stored = Math.max(this.#stored, count);
  }
}

const IN_BACKGROUND = { high: "SUBMIT_JOB_HIGH_BG", normal: "SUBMIT_JOB_BG", low: "SUBMIT_JOB_LOW_BG" } as const;
const IN_FOREGROUND = { high: "SUBMIT_JOB_HIGH", normal: "SUBMIT_JOB", low: "SUBMIT_JOB_LOW" } as const;

function submitPacket(job: SentJob): string {
  const workload = workloadOf(job);
  if (job.reducer !== "")
    return encode("SUBMIT_REDUCE_JOB_BACKGROUND", [job.function, job.unique, job.reducer, "", workload]);
  if (job.epoch > 0) return encode("SUBMIT_JOB_EPOCH", [job.function, job.unique, String(job.epoch), workload]);
  return encode((job.background ? IN_BACKGROUND : IN_FOREGROUND)[job.priority], [job.function, job.unique, workload]);
}
