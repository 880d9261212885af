import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { builtProgram } from "../support/built.ts";
import type { Exit } from "../support/daemon.ts";
import { type Injection, straceCommand } from "./strace.ts";

export interface VictimOptions {
  readonly dir: string;
  readonly injection?: Injection | undefined;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The real daemon on a data directory, under strace if something is to go wrong. Unlike others it may die at any time, before it is ready too. */
export class Victim {
  readonly #process: ChildProcess;
  readonly exited: Promise<Exit>;
  /** What it said, all in one. */
  output = "";
  /** Undefined: it ended before it was ready. */
  readonly port: Promise<number | undefined>;

  constructor({ dir, injection, args = [], env = {} }: VictimOptions) {
    const daemon = [process.execPath, builtProgram(), "-L127.0.0.1", "-p0", "--data-dir", dir, ...args];
    const [command = "", ...rest] = injection === undefined ? daemon : [...straceCommand(injection), ...daemon];
    // Injections count per thread: with one thread in the pool its points are always the same ones.
    const given = { ...process.env, GEARMAND_PORT: undefined, UV_THREADPOOL_SIZE: "1", ...env };
    this.#process = spawn(command, rest, { env: given, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    for (const input of [this.#process.stdout, this.#process.stderr])
      input?.on("data", (text: Buffer) => {
        this.output += text.toString();
      });
    this.exited = once(this.#process, "exit").then(([code, signal]): Exit => ({ code, signal }));
    const ready = once(this.#process, "message").then(([{ addresses }]) => addresses[0].port as number);
    this.port = Promise.race([ready, this.exited.then(() => undefined)]);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async stop(): Promise<Exit> {
    this.signal("SIGTERM");
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }
}
