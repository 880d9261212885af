import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { encode, Wire, type WireEvent } from "../support/wire.ts";
import {
  expectEmpty,
  expectEnd,
  expectOpen,
  expectPacket,
  expectRows,
  expectText,
  PATIENCE,
  Unexpected,
} from "./expectations.ts";
import { Names } from "./names.ts";
import type { Action, Scenario, Side, Step } from "./transcript.ts";

/** A server that transcripts are played against. */
export interface Target {
  readonly side: Exclude<Side, "both">;
  /** Makes a server with these flags ready, without functions or jobs of an earlier scenario. */
  start(flags: readonly string[]): Promise<RunningTarget>;
}

export interface RunningTarget {
  connect(): Promise<Duplex>;
  stop(): Promise<void>;
}

/** Rejects with what was expected, where, and what came instead. */
export async function runScenario(scenario: Scenario, target: Target): Promise<void> {
  const server = await target.start(scenario.flags[target.side]);
  const player = new Player(server);
  try {
    for (const step of scenario.steps) {
      if (step.side === "both" || step.side === target.side) await player.play(step);
    }
    await player.finish();
  } finally {
    player.destroy();
    await server.stop();
  }
}

/** Plays steps in order: what one connection sent is dealt with before another one sends. */
class Player {
  readonly #server: RunningTarget;
  readonly #wires = new Map<string, Wire>();
  readonly #names = new Names();
  /** Connections whose end was expected. */
  readonly #closed = new Set<Wire>();
  /** The connection that has sent something whose end was not awaited yet. */
  #unfenced: Wire | undefined;

  constructor(server: RunningTarget) {
    this.#server = server;
  }

  async play(step: Step): Promise<void> {
    const wire = await this.#wire(step.conn);
    try {
      if (this.#unfenced !== wire || !isSend(step.action)) await this.#settle();
      await this.#perform(wire, step.action);
    } catch (error) {
      throw this.#explain(`line ${step.line}:\n  ${step.source}`, wire, error);
    }
    if (isSend(step.action)) this.#unfenced = step.unfenced ? undefined : wire;
  }

  /** Every byte of the conversation is in the transcript: nothing may be left over. */
  async finish(): Promise<void> {
    await this.#settle();
    for (const [name, wire] of this.#wires) {
      await this.#nothing(wire).catch((error) => {
        throw this.#explain(`${name}, at the end`, wire, error);
      });
    }
  }

  destroy(): void {
    for (const wire of this.#wires.values()) wire.destroy();
  }

  async #wire(name: string): Promise<Wire> {
    const known = this.#wires.get(name);
    if (known !== undefined) return known;
    const wire = new Wire(await this.#server.connect());
    this.#wires.set(name, wire);
    return wire;
  }

  async #settle(): Promise<void> {
    const wire = this.#unfenced;
    this.#unfenced = undefined;
    if (wire !== undefined && !(await wire.fence(PATIENCE))) throw new Unexpected("no answer to ECHO_REQ");
  }

  #perform(wire: Wire, action: Action): void | Promise<void> {
    const names = this.#names;
    switch (action.do) {
      case "send": {
        const args = action.args.map((arg) => names.substitute(arg));
        return wire.send(encode(action.packet, args, action.magic));
      }
      case "write":
        return wire.send(names.substitute(action.bytes));
      case "expect":
        return expectPacket(wire, names, action.packet, action.args);
      case "expect-text":
        return expectText(wire, names, action.text);
      case "rows":
        return expectRows(wire, names, action.rows);
      case "nothing":
        return this.#nothing(wire);
      case "open":
        return expectOpen(wire);
      case "half-close":
        return wire.halfClose();
      case "close":
        return this.#close(wire);
      case "closed":
        return this.#ended(wire);
      case "gone":
        return this.#gone(wire);
      case "poll":
        return poll(wire, action);
    }
  }

  async #nothing(wire: Wire): Promise<void> {
    if (!this.#closed.has(wire)) await expectOpen(wire);
    expectEmpty(wire);
  }

  /** Closes as a program that exits does, and waits until the server has closed too: then it has dealt with it. */
  async #close(wire: Wire): Promise<void> {
    await this.#nothing(wire);
    wire.halfClose();
    await this.#ended(wire);
  }

  async #ended(wire: Wire): Promise<void> {
    await expectEnd(wire);
    this.#closed.add(wire);
    expectEmpty(wire);
  }

  /** For a close that may overtake the answers before it. */
  async #gone(wire: Wire): Promise<void> {
    await expectEnd(wire);
    this.#closed.add(wire);
    wire.events.length = 0;
  }

  #explain(where: string, wire: Wire, error: unknown): Error {
    const { message } = error as Error;
    const text = error instanceof Unexpected && error.text !== "" ? ` ${JSON.stringify(error.text)}` : "";
    const came = [...wire.events.map(show), ...(wire.ended ? ["closed"] : [])];
    const got = (came.length === 0 ? ["nothing"] : came).map((line) => `\n  ${line}`).join("");
    return new Error(`${message}, ${where}\ngot${this.#names.readable(`${text}:${got}`)}`);
  }
}

const isSend = (action: Action): boolean => action.do === "send" || action.do === "write";

const POLL_INTERVAL = 20;

/** For what a server tells nobody, such as that a job became due: asks again while the answer is no. */
async function poll(wire: Wire, { packet, refused }: Extract<Action, { do: "poll" }>): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += POLL_INTERVAL) {
    wire.send(encode(packet, []));
    await expectOpen(wire);
    const [event] = wire.events;
    if (event?.kind !== "packet" || event.name !== refused) return;
    wire.events.shift();
    await setTimeout(POLL_INTERVAL);
  }
  throw new Unexpected(`it was ${refused} all the time`);
}

const show = (event: WireEvent): string => {
  if (event.kind === "text") return JSON.stringify(event.text);
  if (event.kind === "garbage") return `garbage ${JSON.stringify(event.bytes)}`;
  return `${event.name} ${event.args.map((arg) => abbreviate(JSON.stringify(arg))).join(" | ")}`;
};

const abbreviate = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}... (${text.length})`);
