import { setTimeout } from "node:timers/promises";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Wire } from "../support/wire.ts";
import type { RunningTarget, Target } from "./run.ts";
import { connectTo } from "./targets.ts";

/** Our daemon. Processes are used again after they were cleared, for each takes a while to start; stop them all at the end. */
export class DaemonTarget implements Target {
  readonly side = "ours";
  readonly #idle = new Map<string, Daemon[]>();

  async start(flags: readonly string[]): Promise<RunningTarget> {
    const key = flags.join(" ");
    const daemon = this.#idle.get(key)?.pop() ?? (await startDaemon(flags));
    return { connect: () => connectTo(daemon.port), stop: () => this.#release(key, daemon) };
  }

  async stopAll(): Promise<void> {
    for (const daemon of [...this.#idle.values()].flat()) await daemon[Symbol.asyncDispose]();
  }

  async #release(key: string, daemon: Daemon): Promise<void> {
    if (await clear(daemon.port)) this.#idle.set(key, [...(this.#idle.get(key) ?? []), daemon]);
    else await daemon[Symbol.asyncDispose]();
  }
}

/** Drops every function with its jobs; false when something is left, such as a name that cannot be typed. */
async function clear(port: number): Promise<boolean> {
  const wire = new Wire(await connectTo(port));
  try {
    while ((await ask(wire, "workers")).length > 1) await setTimeout(1);
    const names = (await ask(wire, "status")).map((row) => row.split("\t")[0]);
    for (const name of names) wire.send(`drop function ${name}\r\n`);
    await wire.fence(15_000);
    wire.events.length = 0;
    return !wire.ended && (await ask(wire, "status")).length === 0;
  } finally {
    wire.destroy();
  }
}

/** The rows of a table. */
async function ask(wire: Wire, command: string): Promise<string[]> {
  wire.send(`${command}\n`);
  if (!(await wire.fence(15_000))) throw new Error(`no answer to ${command}`);
  const event = wire.events.shift();
  return event?.kind === "text" ? event.text.split("\n").slice(0, -2) : [];
}
