import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/** The C server that is the reference for behaviour: Debian's gearman-job-server 1.1.20. */
export const REFERENCE = "/usr/sbin/gearmand";

export const referenceInstalled = existsSync(REFERENCE);

export interface Reference {
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/**
 * A running C gearmand on 127.0.0.1, on a free port if it is not said. One I/O thread unless the flags say otherwise: what connections see
 * does not depend on thread timing.
 */
export async function startReference(flags: readonly string[] = [], at?: number): Promise<Reference> {
  const port = at ?? (await freePort());
  const directory = mkdtempSync(join(tmpdir(), "gearmand-reference-"));
  const user = process.getuid?.() === 0 ? ["--user=root"] : [];
  const files = [`--pid-file=${join(directory, "pid")}`, `--log-file=${join(directory, "log")}`];
  const threads = flags.some((flag) => flag.startsWith("--threads")) ? [] : ["--threads=1"];
  const args = ["--listen=127.0.0.1", `--port=${port}`, ...threads, ...files, ...user, ...flags];
  const child = spawn(REFERENCE, args, { stdio: "ignore" });
  const stop = async () => {
    await end(child);
    rmSync(directory, { recursive: true, force: true });
  };
  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  if (await answers(child, port)) return { port, signal, stop };
  await stop();
  throw new Error(`gearmand did not start: ${REFERENCE} ${args.join(" ")}`);
}

/** It has no port of the kernel's choice that could be asked for: take one that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Its log says nothing at level ERROR, so it is asked until it answers, and asked who it is: another may have taken the port. */
async function answers(child: ChildProcess, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 1000 && child.exitCode === null; attempt++) {
    if ((await processAt(port)) === `OK ${child.pid}\n`) return true;
    await setTimeout(5);
  }
  return false;
}

/** What `getpid` answers at the port, empty when nobody does. */
async function processAt(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1", () => socket.write("getpid\n"));
  let answer = "";
  try {
    for await (const chunk of socket) {
      answer += chunk;
      if (answer.endsWith("\n")) break;
    }
  } catch {
    return "";
  } finally {
    socket.destroy();
  }
  return answer;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
