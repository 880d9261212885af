import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of the drama: load, labour or ledger. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;

  private constructor(script: string, args: readonly string[]) {
    const path = new URL(script, import.meta.url).pathname;
    this.#process = fork(path, args, { execArgv: ["--import", "tsx"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#ended = once(this.#process, "close");
  }

  /** Settles once it says that it is ready. */
  static async start(script: string, ...args: string[]): Promise<Child> {
    const child = new Child(script, args);
    const ended = child.#ended.then(() => Promise.reject(new Error(`${script} ended before it was ready`)));
    await Promise.race([once(child.#process, "message"), ended]);
    return child;
  }

  /** Tells it to stop; resolves with its last word. */
  async stop(): Promise<unknown> {
    const word = once(this.#process, "message").then(([message]: unknown[]) => message);
    this.#process.send("stop");
    const last = await Promise.race([word, this.#ended.then(() => undefined)]);
    await this.#ended;
    return last;
  }

  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }
}
