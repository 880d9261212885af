import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A script of the tests in a process of its own; the two talk in messages. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(script: URL, args: readonly string[]) {
    this.#process = fork(fileURLToPath(script), args, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#ended = once(this.#process, "close");
  }

  /** Settles once it says that it is ready. */
  static async start(script: URL, ...args: string[]): Promise<Child> {
    const child = new Child(script, args);
    const ended = child.#ended.then(() => Promise.reject(new Error(`${script} ended before it was ready`)));
    await Promise.race([once(child.#process, "message"), ended]);
    return child;
  }

  /** Tells it something; resolves with its next word. Rejects when it ends without one. */
  async ask(message: unknown): Promise<unknown> {
    const word = once(this.#process, "message").then(([answer]: unknown[]) => answer);
    this.#process.send(message as object);
    return await Promise.race([
      word,
      this.#ended.then(() => Promise.reject(new Error("a child ended without a word"))),
    ]);
  }

  /** Tells it to stop; resolves with its last word. */
  async stop(): Promise<unknown> {
    const last = await this.ask("stop").catch(() => undefined);
    await this.#ended;
    return last;
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }
}
