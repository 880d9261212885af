import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { afterAll, test as base, expect, vi } from "vitest";

/** How long one wait for a client may last, milliseconds: so long that only a hang lasts longer, even on a busy machine. */
const DEADLINE = 45_000;
/** The timeout of a test: above that of a wait, so that a hang fails with the client's output. */
const TEST_TIMEOUT = 60_000;

/** A program to run, and what it is told. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Environment beside our own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How a program ended. Output is latin1, so that every byte can be compared. */
export interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running client or worker: its output so far, and bounded waits for what it will say or for its end. */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #title: string;
  readonly #stdout: string[] = [];
  readonly #stderr: string[] = [];
  #taken = 0;
  #pending: string[] = [];
  #ended = false;
  #changed = () => {};

  constructor({ file, args, env, cwd }: Command) {
    this.#title = [file, ...args].join(" ");
    this.#child = spawn(file, args, { env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) });
    this.#child.stdin.on("error", () => {}); // it may end before it has read all: its exit code tells
    this.#child.stdout.setEncoding("latin1").on("data", (text: string) => this.#said(text));
    this.#child.stderr.setEncoding("latin1").on("data", (text: string) => this.#stderr.push(text) && this.#changed());
    this.#child.on("error", (error) => this.#end(`${error}`)).on("close", () => this.#end(""));
  }

  write(text: string): void {
    this.#child.stdin.write(text, "latin1");
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  /** The next line of its output; null after its last one. */
  async line(): Promise<string | null> {
    await this.#until(`a line of output`, () => this.#taken < this.#stdout.length || this.#ended);
    return this.#stdout[this.#taken++] ?? null;
  }

  /** Lines up to and with the first that starts with `prefix`. */
  async linesTo(prefix: string): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== null; line = await this.line()) {
      lines.push(line);
      if (line.startsWith(prefix)) return lines;
    }
    throw new Error(this.#report(`ended before it said "${prefix}"`));
  }

  /** Waits until its standard error holds a text. */
  async complaint(text: string): Promise<void> {
    const said = () => this.#stderr.join("").includes(text);
    await this.#until(`"${text}" on its standard error`, () => said() || this.#ended);
    if (!said()) throw new Error(this.#report(`ended before it said "${text}" on its standard error`));
  }

  /** Waits for its end. */
  async result(): Promise<Result> {
    await this.#until("its end", () => this.#ended);
    const stdout = [...this.#stdout, this.#pending.join("")].join("\n");
    return { code: this.#child.exitCode, stdout, stderr: this.#stderr.join("") };
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** What it has started may outlive it and hold its output: that is not waited for. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    await closed;
  }

  #said(text: string): void {
    const [first = "", ...rest] = text.split("\n");
    this.#pending.push(first);
    for (const part of rest) {
      this.#stdout.push(this.#pending.join(""));
      this.#pending = [part];
    }
    this.#changed();
  }

  #end(error: string): void {
    this.#stderr.push(error);
    this.#ended = true;
    this.#changed();
  }

  #until(what: string, ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(this.#report(`waited in vain for ${what}`))), DEADLINE);
      this.#changed = () => {
        if (!ready()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #report(what: string): string {
    const said = [...this.#stdout, this.#pending.join("")].map((line) => `  ${line.slice(0, 200)}`).slice(-40);
    const problems = this.#stderr.join("").slice(-4000);
    return `${this.#title}: ${what}\nexit ${this.#child.exitCode}\nstdout:\n${said.join("\n")}\nstderr: ${problems}`;
  }
}

/** The programs of one test, ended with it. */
export class Programs {
  readonly #started: Program[] = [];

  start(command: Command): Program {
    const program = new Program(command);
    this.#started.push(program);
    return program;
  }

  /** Runs a command to its end, with `input` on its standard input. */
  async run(command: Command, input = ""): Promise<Result> {
    const program = this.start(command);
    program.write(input);
    program.closeInput();
    return program.result();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((program) => program.stop()));
  }
}

/** A test that may start programs; they end with it. */
export const test = base.extend<{ programs: Programs }>({
  programs: async ({ task: _ }, use) => {
    const programs = new Programs();
    await use(programs);
    await programs.stop();
  },
});

/** To be called once in every file that starts programs: gives them time, and lets none of them outlive it. */
export function noProgramLeft(): void {
  vi.setConfig({ testTimeout: TEST_TIMEOUT, hookTimeout: TEST_TIMEOUT });
  afterAll(async () => {
    for (let turn = 0; turn < 2; turn++) await setImmediate(); // the handle of an ended child closes a turn later
    expect(process.getActiveResourcesInfo().filter((resource) => resource === "ProcessWrap")).toEqual([]);
  });
}
