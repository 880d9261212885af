import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Stranger extends AsyncDisposable {
  readonly pid: number | undefined;
}

/** A process that has the file open, and does nothing with it. Use with `await using`. */
export async function freeze(file: string): Promise<Stranger> {
  const child: ChildProcess = spawn("tail", ["-f", "-c+0", file], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(child, "close");
  if (child.stdout !== null) await once(child.stdout, "data");
  return {
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
