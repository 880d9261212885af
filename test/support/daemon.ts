import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { builtProgram } from "./built.ts";

/** Where a daemon listens, as it reports it over IPC. */
type Address = { host: string; port: number } | { path: string };

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Daemon {
  readonly pid: number;
  /** The port of the first TCP address; 0 when it listens on Unix sockets only. */
  readonly port: number;
  readonly addresses: readonly Address[];
  readonly process: ChildProcess;
  /** All lines so far of stdout and stderr. */
  readonly lines: readonly string[];
  /** The first line, past or to come, that contains `text`; rejects when the daemon ends without it. */
  line(text: string): Promise<string>;
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, then how it ended. */
  stop(): Promise<Exit>;
  /** Ends it at once if it still runs. */
  [Symbol.asyncDispose](): Promise<void>;
}

class DaemonFailed extends Error {
  override readonly name = "DaemonFailed";
  readonly exit: Exit;
  readonly output: string;

  constructor(exit: Exit, output: string) {
    super(`gearmand-ts ended with ${exit.code ?? exit.signal}: ${output}`);
    this.exit = exit;
    this.output = output;
  }
}

interface Output {
  readonly lines: string[];
  line(text: string): Promise<string>;
}

const readOutput = (child: ChildProcess, ended: Promise<Exit>): Output => {
  const lines: string[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue;
    createInterface({ input }).on("line", (line) => {
      lines.push(line);
      arrivals.emit("line", line);
    });
  }
  const line = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const past = lines.find((candidate) => candidate.includes(text));
      if (past !== undefined) return resolve(past);
      const look = (candidate: string): void => {
        if (!candidate.includes(text)) return;
        arrivals.off("line", look);
        resolve(candidate);
      };
      arrivals.on("line", look);
      void ended.then(() => reject(new Error(`ended without the line "${text}":\n${lines.join("\n")}`)));
    });
  return { lines, line };
};

/** What a test that timed out has left behind goes with its process, which vitest ends with SIGTERM. */
const running = new Set<ChildProcess>();
process.once("SIGTERM", () => process.exit());
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Starts gearmand-ts in the foreground on 127.0.0.1 and a port of the kernel's choice (unless `args` says where) and waits until it is open.
 * Rejects with DaemonFailed when it ends before. Use with `await using`.
 */
export const startDaemon = async (args: readonly string[] = [], options: SpawnOptions = {}): Promise<Daemon> => {
  const place = args.some((arg) => /^(-p|--port|-L|--listen|--config-file)/.test(arg)) ? [] : ["-L127.0.0.1", "-p0"];
  const child = spawn(process.execPath, [builtProgram(), ...place, ...args], {
    ...options,
    env: { ...process.env, GEARMAND_PORT: undefined, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const exited = once(child, "close").then(([code, signal]): Exit => ({ code, signal }));
  const output = readOutput(child, exited);
  const ready = once(child, "message").then(([message]) => (message as { addresses: Address[] }).addresses);
  const outcome = await Promise.race([ready, exited]);
  if (!Array.isArray(outcome)) throw new DaemonFailed(outcome as Exit, output.lines.join("\n"));

  const signal = (name: NodeJS.Signals): void => void child.kill(name);
  const stop = (): Promise<Exit> => {
    signal("SIGTERM");
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    port: outcome.map((address) => ("port" in address ? address.port : 0)).find((port) => port > 0) ?? 0,
    addresses: outcome,
    process: child,
    lines: output.lines,
    line: output.line,
    exited,
    signal,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) signal("SIGKILL");
      await exited;
    },
  };
};
