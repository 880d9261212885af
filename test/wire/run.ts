import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { encode, Wire, type WireEvent } from "../support/wire.ts";
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

/** How long an answer may take, milliseconds. Reached only in a test that fails. */
const PATIENCE = 4000;

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
  readonly #handles = new Map<string, string>();
  /** Connections whose end was expected. */
  readonly #closed = new Set<Wire>();
  /** The connection that has sent something whose end was not awaited yet. */
  #unfenced: Wire | undefined;
  #step: Step | undefined;

  constructor(server: RunningTarget) {
    this.#server = server;
  }

  async play(step: Step): Promise<void> {
    this.#step = step;
    const wire = await this.#wire(step.conn);
    if (this.#unfenced !== wire || !isSend(step.action)) await this.#settle();
    await this.#perform(wire, step.action);
    if (isSend(step.action)) this.#unfenced = step.unfenced ? undefined : wire;
  }

  /** Every byte of the conversation is in the transcript: nothing may be left over. */
  async finish(): Promise<void> {
    await this.#settle();
    for (const [name, wire] of this.#wires) await this.#nothing(wire, name);
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
    if (wire !== undefined && !(await wire.fence(PATIENCE))) this.#fail("no answer to ECHO_REQ", "", wire);
  }

  #perform(wire: Wire, action: Action): void | Promise<void> {
    switch (action.do) {
      case "send":
        return wire.send(encode(action.packet, action.args.map(this.#substitute), action.magic));
      case "write":
        return wire.send(this.#substitute(action.bytes));
      case "expect":
        return this.#expectPacket(wire, `${action.packet}`, action.args);
      case "expect-text":
        return this.#expectText(wire, action.text);
      case "rows":
        return this.#expectRows(wire, action.rows);
      case "nothing":
        return this.#nothing(wire);
      case "open":
        return this.#opened(wire);
      case "half-close":
        return wire.halfClose();
      case "close":
        return this.#close(wire);
      case "closed":
        return this.#expectEnd(wire);
      case "gone":
        return this.#gone(wire);
      case "poll":
        return this.#poll(wire, action.packet, action.refused);
    }
  }

  // ------------------------------------------------------------------------------------------------ expectations

  async #expectPacket(wire: Wire, name: string, args: readonly string[]): Promise<void> {
    await wire.until(() => wire.events.length > 0 || wire.ended, PATIENCE);
    const event = wire.events[0];
    const got = event?.kind === "packet" ? event : undefined;
    if (
      got?.name !== name ||
      got.args.length !== args.length ||
      !args.every((arg, i) => this.#match(arg, got.args[i]))
    ) {
      this.#fail("another packet was expected", "", wire);
    }
    wire.events.shift();
  }

  async #expectText(wire: Wire, text: string): Promise<void> {
    const count = text.split("\n").length - 1;
    const got = await this.#takeText(wire, (sofar) => sofar.split("\n").length - 1 >= count);
    const taken =
      count === 0
        ? got
        : got
            .split(/(?<=\n)/)
            .slice(0, count)
            .join("");
    if (!this.#match(text, taken)) this.#fail("another text was expected", taken, wire);
    this.#drop(wire, taken.length);
  }

  /** A table: its rows in any order, and the full stop. */
  async #expectRows(wire: Wire, rows: readonly string[]): Promise<void> {
    const complete = /^(?:[\s\S]*?\n)??\.\n/;
    const got = complete.exec(await this.#takeText(wire, (sofar) => complete.test(sofar)))?.[0] ?? "";
    const left = got.split("\n").slice(0, -2);
    for (const row of rows) {
      const found = left.findIndex((line) => this.#match(row, line));
      if (found < 0) this.#fail(`no such row: ${JSON.stringify(row)}`, got, wire);
      left.splice(found, 1);
    }
    if (left.length > 0 || !got.endsWith(".\n")) this.#fail("another table was expected", got, wire);
    this.#drop(wire, got.length);
  }

  async #takeText(wire: Wire, complete: (text: string) => boolean): Promise<string> {
    const text = () => (wire.events[0]?.kind === "text" ? wire.events[0].text : "");
    await wire.until(() => complete(text()) || wire.ended || wire.events.length > (text() === "" ? 0 : 1), PATIENCE);
    return text();
  }

  #drop(wire: Wire, length: number): void {
    const event = wire.events[0];
    if (event?.kind !== "text") return;
    event.text = event.text.slice(length);
    if (event.text === "") wire.events.shift();
  }

  async #nothing(wire: Wire, name = ""): Promise<void> {
    if (!this.#closed.has(wire)) await this.#opened(wire);
    if (wire.events.length > 0) this.#fail(`nothing more was expected ${name}`, "", wire);
  }

  async #opened(wire: Wire): Promise<void> {
    if (!wire.ended && !(await wire.fence(PATIENCE))) this.#fail("no answer to ECHO_REQ", "", wire);
    if (wire.ended) this.#fail("it is closed", "", wire);
  }

  /** Closes as a program that exits does, and waits until the server has closed too: then it has dealt with it. */
  async #close(wire: Wire): Promise<void> {
    await this.#nothing(wire);
    wire.halfClose();
    await this.#expectEnd(wire);
  }

  async #expectEnd(wire: Wire): Promise<void> {
    await this.#awaitEnd(wire);
    if (wire.events.length > 0) this.#fail("something came before the close", "", wire);
  }

  /** For a close that may overtake the answers before it. */
  async #gone(wire: Wire): Promise<void> {
    await this.#awaitEnd(wire);
    wire.events.length = 0;
  }

  async #awaitEnd(wire: Wire): Promise<void> {
    if (!(await wire.until(() => wire.ended, PATIENCE))) this.#fail("the server did not close", "", wire);
    this.#closed.add(wire);
  }

  /** For what a server tells nobody, such as that a job became due: ask again while the answer is no. */
  async #poll(wire: Wire, packet: "GRAB_JOB" | string, refused: string): Promise<void> {
    for (let left = PATIENCE / 20; left > 0; left--) {
      wire.send(encode(packet as "GRAB_JOB", []));
      await wire.fence(PATIENCE);
      const event = wire.events[0];
      if (event?.kind !== "packet" || event.name !== refused) return;
      wire.events.shift();
      await setTimeout(20);
    }
    this.#fail(`it was ${refused} all the time`, "", wire);
  }

  // ------------------------------------------------------------------------------------------------ values

  /** `H:1` stands for the first handle that was seen, `{now+2}` for seconds since 1970. */
  readonly #substitute = (text: string): string =>
    text
      .replace(/\bH:\d+\b/g, (name) => this.#handles.get(name) ?? this.#fail(`${name} was not seen yet`))
      .replace(/\{now([+-]\d+)\}/g, (_, seconds: string) => String(Math.floor(Date.now() / 1000) + Number(seconds)));

  #match(expected: string, got = ""): boolean {
    if (!/\bH:\d+\b|<n>|<any>/.test(expected)) return expected === got;
    const unseen: string[] = [];
    const pattern = expected.replace(/\bH:\d+\b|<n>|<any>|[\\^$.*+?()[\]{}|]/g, (part) => {
      if (part === "<n>") return "\\d+";
      if (part === "<any>") return "[\\s\\S]*";
      if (!part.startsWith("H:")) return `\\${part}`;
      const known = this.#handles.get(part);
      if (known !== undefined) return known.replace(/[.+]/g, "\\$&");
      unseen.push(part);
      return "([!-~]+:\\d+)";
    });
    const match = new RegExp(`^${pattern}$`).exec(got);
    return match !== null && unseen.every((name, i) => this.#bind(name, match[i + 1] ?? ""));
  }

  #bind(name: string, handle: string): boolean {
    if ([...this.#handles.values()].includes(handle)) return false;
    this.#handles.set(name, handle);
    return true;
  }

  #fail(why: string, got = "", wire?: Wire): never {
    const readable = (text: string) =>
      [...this.#handles].reduce((sofar, [name, handle]) => sofar.replaceAll(handle, name), text);
    const came = wire?.events.map((event) => readable(show(event))) ?? [];
    if (wire?.ended) came.push("closed");
    throw new Error(
      [
        `${why}, line ${this.#step?.line}:`,
        `  ${this.#step?.source}`,
        `got${got === "" ? "" : ` ${JSON.stringify(readable(got))}`}:`,
        ...(came.length === 0 ? ["  nothing"] : came.map((event) => `  ${event}`)),
      ].join("\n"),
    );
  }
}

const isSend = (action: Action): boolean => action.do === "send" || action.do === "write";

const show = (event: WireEvent): string => {
  if (event.kind === "text") return JSON.stringify(event.text);
  if (event.kind === "garbage") return `garbage ${JSON.stringify(event.bytes)}`;
  return `${event.name} ${event.args.map((arg) => abbreviate(JSON.stringify(arg))).join(" | ")}`;
};

const abbreviate = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}... (${text.length})`);
