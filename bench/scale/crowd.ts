import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileLimit } from "../../src/lib/file-limit.ts";
import type { Tools } from "../load/tools.ts";

/** Files that are no connections. */
const RESERVE = 100;

/** So many, or as many as a process may open here. */
export const possible = (connections: number): number => Math.floor(Math.min(connections, fileLimit() - RESERVE));

/** Connections that wait: bench/load/crowd.c. They end with it. */
export class Crowd implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param functions what they offer between them; without any they are idle */
  static async gather(tools: Tools, port: number, connections: number, functions: number): Promise<Crowd> {
    const args = [port, connections, functions].map(String);
    const child = spawn(tools.path("crowd"), args, { stdio: ["pipe", "pipe", "inherit"] });
    const open = once(child.stdout, "data");
    const ended = once(child, "exit").then(() => Promise.reject(new Error(`crowd ${args.join(" ")} ended`)));
    await Promise.race([open, ended]);
    ended.catch(() => {});
    return new Crowd(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, "exit");
    this.#child.stdin?.end();
    await exit;
  }
}
