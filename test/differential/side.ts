import { encode, Wire, type WireEvent } from "../support/wire.ts";
import type { RunningTarget } from "../wire/run.ts";
import type { Event, Spoken } from "./script.ts";
import { ASK_TABLES, readTables, type Tables } from "./tables.ts";

/** How long an answer may take, milliseconds. */
const PATIENCE = 5000;

export type Which = "reference" | "ours";

/** The server does not answer any more. */
export class ServerGone extends Error {
  override readonly name = "ServerGone";
  readonly which: Which;

  constructor(which: Which) {
    super(`${which} is gone`);
    this.which = which;
  }
}

/** One of the two servers, with the connections of a script and one more that asks for tables. */
export class Side {
  readonly #which: Which;
  readonly #server: RunningTarget;
  readonly #control: Wire;
  readonly #wires: Map<number, Wire> = new Map();
  readonly #names: Map<string, string> = new Map();
  readonly #handles: Map<string, string> = new Map();

  private constructor(which: Which, server: RunningTarget, control: Wire) {
    this.#which = which;
    this.#server = server;
    this.#control = control;
  }

  static async connect(which: Which, server: RunningTarget): Promise<Side> {
    return new Side(which, server, new Wire(await connect(which, server)));
  }

  get connections(): number[] {
    return [...this.#wires.keys()];
  }

  /** Opens the connection if it is not. Waits until the server has it: two that are opened are opened in order. */
  async open(on: number): Promise<void> {
    if (this.#wires.has(on)) return;
    const wire = new Wire(await connect(this.#which, this.#server));
    this.#wires.set(on, wire);
    await wire.fence(PATIENCE);
  }

  /** Sends all in one piece, and waits until the server has dealt with it. */
  async send(on: number, messages: readonly Spoken[]): Promise<void> {
    const wire = this.#wire(on);
    wire.send(messages.map((message) => this.#encode(message)).join(""));
    await wire.fence(PATIENCE);
  }

  /** Sends what ends the connection, and our end of it; waits for the server's. */
  async end(on: number, bytes = ""): Promise<void> {
    const wire = this.#wire(on);
    if (bytes !== "") wire.send(bytes);
    wire.halfClose();
    await wire.until(() => wire.ended, PATIENCE);
    // gearmand closes the socket before it has cleaned up: by the second answer it has.
    await this.ask();
    await this.ask();
  }

  forget(on: number): void {
    this.#wire(on).destroy();
    this.#wires.delete(on);
  }

  /** Waits until all that was sent to anyone has arrived; returns the tables. */
  async settle(handles: Iterable<string> = []): Promise<() => Tables> {
    const open = [...this.#wires.values()].filter((wire) => !wire.ended);
    const [tables] = await Promise.all([this.tables(handles), ...open.map((wire) => wire.fence(PATIENCE))]);
    return tables;
  }

  /** What has come on that connection since the last time. */
  take(on: number): Event[] {
    const wire = this.#wire(on);
    const events = wire.events.splice(0).map((event) => this.#event(event));
    if (wire.ended) events.push({ name: "CLOSED", args: [] });
    return events;
  }

  /** Its tables now, and GET_STATUS of these jobs; to be read later: handles are named in the order in which they are read. */
  async tables(handles: Iterable<string> = []): Promise<() => Tables> {
    const questions = [...handles].map((handle) => encode("GET_STATUS", [this.#unnamed(handle)]));
    const answers = await this.#ask(ASK_TABLES + questions.join(""));
    return () => {
      const [text, ...statuses] = answers.map((event) => this.#event(event));
      const rows = statuses.map(({ args: [handle = "", ...numbers] }): [string, string] => [handle, numbers.join(" ")]);
      return { ...readTables(text?.args[0] ?? ""), statuses: new Map(rows) };
    };
  }

  /** What the extra connection is answered. */
  async ask(commands = ""): Promise<string> {
    const answers = await this.#ask(this.#unnamed(commands));
    return answers.map((event) => this.#event(event).args[0] ?? "").join("");
  }

  async #ask(bytes: string): Promise<WireEvent[]> {
    if (bytes !== "") this.#control.send(bytes);
    const answered = await this.#control.fence(PATIENCE);
    if (!answered || this.#control.ended) throw new ServerGone(this.#which);
    return this.#control.events.splice(0);
  }

  destroy(): void {
    for (const wire of this.#wires.values()) wire.destroy();
    this.#control.destroy();
  }

  #wire(on: number): Wire {
    const wire = this.#wires.get(on);
    if (wire === undefined) throw new Error(`no connection ${on}`);
    return wire;
  }

  #encode(message: Spoken): string {
    if ("line" in message) return this.#unnamed(message.line);
    return encode(
      message.packet,
      message.args.map((arg) => this.#unnamed(arg)),
      message.magic,
    );
  }

  #event(event: WireEvent): Event {
    if (event.kind === "garbage") return { name: "GARBAGE", args: [event.bytes] };
    if (event.kind === "text") return { name: "TEXT", args: [this.#named(event.text)] };
    return { name: event.name, args: event.args.map((arg) => this.#named(arg)) };
  }

  /** H:1 for the first handle that was seen, and so on. */
  #named(text: string): string {
    return text.replace(/H:d:\d+/g, (handle) => {
      const name = this.#names.get(handle) ?? `H:${this.#names.size + 1}`;
      this.#names.set(handle, name);
      this.#handles.set(name, handle);
      return name;
    });
  }

  #unnamed(text: string): string {
    return text.replace(/\bH:\d+\b/g, (name) => this.#handles.get(name) ?? name);
  }
}

async function connect(which: Which, server: RunningTarget) {
  try {
    return await server.connect();
  } catch {
    throw new ServerGone(which);
  }
}
