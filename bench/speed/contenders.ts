/** The servers that are compared: each a command that serves on a port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { builtProgram } from "../../test/support/built.ts";
import { freePort, REFERENCE } from "../../test/support/reference.ts";

export interface Contender {
  readonly name: string;
  /** Rounds before those that are measured. */
  readonly warmUp: number;
  command(port: number): readonly string[];
}

/** Nobody reads it. No pid file in /dev/null: gearmand removes it when a signal ends it. No log file `none`: SIGHUP makes one. */
const nobodys = (port: number, kind: "pid" | "log"): string => join(tmpdir(), `gearmand-${port}.${kind}`);

/** gearmand as it comes, and what may be tuned. */
export const gearmand = (...flags: readonly string[]): Contender => ({
  name: ["gearmand", ...flags].join(" "),
  warmUp: 0,
  command: (port) => [
    REFERENCE,
    "-L",
    "127.0.0.1",
    "-p",
    `${port}`,
    "-l",
    nobodys(port, "log"),
    "-u",
    "root",
    "-P",
    nobodys(port, "pid"),
    ...flags,
  ],
});

export const DEFAULTS: Contender = gearmand();

/** The best of these for each workload is gearmand tuned. */
export const TUNED: readonly Contender[] = [1, 2, 4].flatMap((threads) =>
  [0, 1].map((wakeup) => gearmand("-t", `${threads}`, "-w", `${wakeup}`)),
);

/**
 * Until V8 has compiled what is hot: at 16 clients x 16 outstanding the CPU for a job is steady after one round and a half; where there are
 * fewer jobs, as in the open loop, after two to three. C needs none.
 */
const COMPILED = 3;

/** @param node the Node that runs it */
export const ours = (name: string, node: string): Contender => ({
  name,
  warmUp: COMPILED,
  command: (port) => [node, builtProgram(), "-L", "127.0.0.1", "-p", `${port}`],
});

/** @param program bench/load/floor.c, built */
export const floor = (program: string): Contender => ({
  name: "floor",
  warmUp: 0,
  command: (port) => [program, `${port}`],
});

/** A server that runs. */
export class Running implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async start(contender: Contender): Promise<Running> {
    const port = await freePort();
    const [program = "", ...args] = contender.command(port);
    const running = new Running(port, spawn(program, args, { stdio: "ignore" }));
    await running.#open();
    return running;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** User and system time so far, microseconds. */
  get cpu(): number {
    const [user = 0, system = 0] = this.#read("stat")
      .replace(/^.*\) /s, "")
      .split(" ")
      .slice(11, 13)
      .map(Number);
    return ((user + system) * 1_000_000) / TICKS;
  }

  /** The most memory so far, MiB. */
  get memory(): number {
    return this.#kibibytes("VmHWM") / 1024;
  }

  /** Memory now, bytes. */
  get resident(): number {
    return this.#kibibytes("VmRSS") * 1024;
  }

  /** Not ended yet. */
  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    if (this.runs) await once(this.#child, "exit");
  }

  #kibibytes(name: string): number {
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(this.#read("status"))?.[1]);
  }

  #read(file: string): string {
    return readFileSync(`/proc/${this.pid}/${file}`, "latin1");
  }

  async #open(): Promise<void> {
    while (!(await accepts(this.port))) {
      if (this.#child.exitCode !== null) throw new Error(`${this.#child.spawnargs.join(" ")} ended`);
      await setTimeout(20);
    }
  }
}

/** Of a second: USER_HZ, which Linux fixes for what it shows. */
const TICKS = 100;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
