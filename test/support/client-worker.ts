import type { Duplex } from "node:stream";
import type { PacketName } from "../../src/protocol/packets.ts";
import { encode, Wire } from "./wire.ts";

/** How long a packet may take before a test fails, milliseconds. */
const PATIENCE = 25_000;

/** A job as JOB_ASSIGN_UNIQ or JOB_ASSIGN_ALL said it; bytes as Latin-1. */
export interface TakenJob {
  readonly packet: PacketName;
  readonly handle: string;
  readonly function: string;
  readonly unique: string;
  readonly reducer: string | undefined;
  readonly workload: string;
}

/** A worker in packets, of which each step is the test's. */
export class WireWorker {
  readonly #wire: Wire;

  constructor(stream: Duplex) {
    this.#wire = new Wire(stream);
  }

  send(name: PacketName, ...args: string[]): void {
    this.#wire.send(encode(name, args));
  }

  /** Takes the next job, sleeping until there is one. */
  async take(...functions: string[]): Promise<TakenJob> {
    for (const name of functions) this.send("CAN_DO", name);
    for (;;) {
      this.send("GRAB_JOB_ALL");
      const [name, args] = await this.#packet("NO_JOB", "JOB_ASSIGN_UNIQ", "JOB_ASSIGN_ALL");
      if (name !== "NO_JOB") return taken(name, args);
      this.send("PRE_SLEEP");
      await this.#packet("NOOP");
    }
  }

  /** Takes jobs and completes them with what `work` makes of them, until the connection is closed. */
  async serve(work: (job: TakenJob) => string, ...functions: string[]): Promise<void> {
    let names = functions;
    try {
      for (;;) {
        const job = await this.take(...names);
        names = [];
        this.send("WORK_COMPLETE", job.handle, work(job));
      }
    } catch (error) {
      if (!this.#wire.ended) throw error;
    }
  }

  /** The answer to a text command. */
  async text(command: string): Promise<string> {
    this.#wire.send(`${command}\n`);
    const reply = (): string => this.#wire.events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    await this.#until(() => /(^|\n)(\.|(OK|ERR)[^\n]*)\r?\n$/.test(reply()), command);
    const answer = reply();
    for (const [index, event] of [...this.#wire.events.entries()].reverse())
      if (event.kind === "text") this.#wire.events.splice(index, 1);
    return answer;
  }

  /** Settles once the server has served all that was sent. */
  async handled(): Promise<void> {
    await this.#wire.fence(PATIENCE);
  }

  destroy(): void {
    this.#wire.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.destroy();
  }

  async #packet(...names: PacketName[]): Promise<[PacketName, readonly string[]]> {
    const find = () => this.#wire.events.findIndex((event) => event.kind === "packet" && names.includes(event.name));
    await this.#until(() => find() >= 0, names.join(" or "));
    const [event] = this.#wire.events.splice(find(), 1);
    if (event?.kind !== "packet") throw new Error("no packet");
    return [event.name, event.args];
  }

  async #until(ready: () => boolean, what: string): Promise<void> {
    const came = await this.#wire.until(() => ready() || this.#wire.ended, PATIENCE);
    if (!came || !ready()) throw new Error(`no ${what}, but ${JSON.stringify(this.#wire.events).slice(0, 500)}`);
  }
}

function taken(packet: PacketName, args: readonly string[]): TakenJob {
  const [handle = "", name = "", unique = "", ...rest] = args;
  const reducer = packet === "JOB_ASSIGN_ALL" ? rest.shift() : undefined;
  return { packet, handle, function: name, unique, reducer, workload: rest[0] ?? "" };
}
