import { alone, avoid, endsTooSoon } from "./avoid.ts";
import { Comparison, Mismatch } from "./comparison.ts";
import { Ledger } from "./ledger.ts";
import { equal } from "./replies.ts";
import type { Break, Breakage, Event, Script, Send, Spoken, Step } from "./script.ts";
import type { Side } from "./side.ts";
import { count, type Tally } from "./tally.ts";

/** Plays a script on both servers, a step at a time. */
export class Play {
  readonly #reference: Side;
  readonly #ours: Side;
  readonly #tally: Tally;
  readonly #ledger: Ledger = new Ledger();
  readonly #comparison: Comparison;

  constructor(reference: Side, ours: Side, tally: Tally) {
    this.#reference = reference;
    this.#ours = ours;
    this.#tally = tally;
    this.#comparison = new Comparison(reference, ours, this.#ledger, tally);
  }

  async run(script: Script): Promise<void> {
    for (const step of script.steps) {
      this.#tally.steps++;
      await this.#step(step);
    }
    for (const id of this.#comparison.seen) count(this.#tally.explained, id);
  }

  #step(step: Step): Promise<void> {
    if ("messages" in step) return this.#send(step);
    if ("breaks" in step) return this.#break(step);
    return this.#close(step.on);
  }

  async #send({ on, messages }: Send): Promise<void> {
    let piece: Spoken[] = [];
    for (const message of messages) {
      const spoken = this.#ledger.speak(message);
      const apart = alone(spoken, this.#ledger.party(on));
      if (apart || endsTooSoon(spoken, piece)) piece = await this.#exchange(on, piece);
      const id = avoid(spoken, on, this.#ledger, this.#comparison.last);
      if (id !== undefined) count(this.#tally.avoided, id);
      else piece.push(spoken);
      if (apart) piece = await this.#exchange(on, piece);
    }
    await this.#exchange(on, piece);
  }

  /** Sends one piece; returns an empty one. */
  async #exchange(on: number, messages: readonly Spoken[]): Promise<Spoken[]> {
    if (messages.length === 0) return [];
    this.#comparison.protocol.sent(on, messages);
    await this.#both((side) => side.open(on));
    await this.#both((side) => side.send(on, messages));
    await this.#comparison.after({ by: on, messages, closed: false });
    return [];
  }

  async #close(on: number): Promise<void> {
    if (!this.#ours.connections.includes(on)) return;
    this.#comparison.protocol.closed(on);
    await this.#both((side) => side.end(on));
    await this.#comparison.after({ by: on, messages: [], closed: true });
  }

  /** The server ends the connection; ours may say why. */
  async #break({ on, breaks, bytes }: Break): Promise<void> {
    this.#comparison.protocol.wrote(on, bytes);
    await this.#both((side) => side.open(on));
    await this.#both((side) => side.end(on, bytes));
    const [theirs, mine] = [this.#reference.take(on), this.#ours.take(on)];
    if (!equal(theirs.map(codeOf), ["CLOSED"]) || !equal(mine.map(codeOf), [...LAST_WORDS[breaks], "CLOSED"])) {
      throw new Mismatch(this.#comparison.protocol.differ(on, theirs, mine));
    }
    if (breaks !== "closes") this.#comparison.seen.add(breaks);
    await this.#comparison.after({ by: on, messages: [], closed: true });
  }

  #both<T>(act: (side: Side) => Promise<T>): Promise<[T, T]> {
    return Promise.all([act(this.#reference), act(this.#ours)]);
  }
}

/** What our server says before it ends such a connection; gearmand never says anything. */
const LAST_WORDS: Readonly<Record<Breakage, readonly string[]>> = {
  closes: [],
  "missing-arguments": ["INVALID_PACKET"],
  "argument-too-large": ["ARGUMENT_TOO_LARGE"],
};

const codeOf = ({ name, args }: Event): string => (name === "ERROR" ? (args[0] ?? "") : name);
