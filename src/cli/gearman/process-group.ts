import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** What a command has between SIGTERM and SIGKILL, milliseconds. */
const GRACE = 2000;

/** How long after SIGKILL its output is read: who left the group may hold it open for ever. Milliseconds. */
const LAST_WORDS = 500;

/** How a command ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The groups that run: whatever ends this process ends them. */
const running = new Set<ProcessGroup>();

/** For who dies of a signal: there is no `exit` then. */
export const killAll = (): void => {
  for (const group of running) group.send("SIGKILL");
};
process.on("exit", killAll);

/**
 * A command in a process group of its own, so that it can be ended with all that it started. (A terminal's Ctrl-C does not reach it.)
 *
 *     running --its output ends, and it--> ended: what is left of the group is killed
 *     running --kill()--> TERM --after a grace--> KILL --its output ends, or is cut off--> ended
 */
export class ProcessGroup {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<End>;
  readonly #killed = new AbortController();
  #killing: NodeJS.Timeout | undefined;
  #cut = false;

  /** Throws, or `ended` rejects, with the system's error if it cannot be started. */
  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(program, args, { detached: true, env });
    this.#child.stdin.on("error", () => {}); // a command need not read its input
    running.add(this);
    this.#ended = once(this.#child, "close").then(([code, signal]) => ({ code, signal }));
    this.#ended.catch(() => {}).finally(() => this.#release());
  }

  get stdin(): ChildProcessWithoutNullStreams["stdin"] {
    return this.#child.stdin;
  }

  /** What it writes; read to its end, once. */
  get stdout(): AsyncIterable<Uint8Array> {
    return this.#read(this.#child.stdout);
  }

  get stderr(): AsyncIterable<Uint8Array> {
    return this.#read(this.#child.stderr);
  }

  /** Settles once the command has ended and nobody holds its output any more. */
  get ended(): Promise<End> {
    return this.#ended;
  }

  /** Aborted once it is to end: its output must be read to the end then, and nobody waits for what becomes of it. */
  get killed(): AbortSignal {
    return this.#killed.signal;
  }

  kill(): void {
    if (this.#killed.signal.aborted || !running.has(this)) return;
    this.#killed.abort();
    this.send("SIGTERM");
    this.#killing = setTimeout(() => this.#killNow(), GRACE);
  }

  send(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {} // ESRCH: nobody is left
  }

  #killNow(): void {
    this.send("SIGKILL");
    this.#killing = setTimeout(() => this.#cutOff(), LAST_WORDS);
  }

  #cutOff(): void {
    this.#cut = true;
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  async *#read(output: Readable): AsyncGenerator<Uint8Array> {
    try {
      yield* output;
    } catch (error) {
      if (!this.#cut) throw error;
    }
  }

  #release(): void {
    clearTimeout(this.#killing);
    running.delete(this);
    this.send("SIGKILL");
  }
}
