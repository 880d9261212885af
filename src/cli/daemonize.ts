/*
 * -d without fork(): the program starts itself again, in a session of its own, with /dev/null for stdio and an IPC channel back.
 *
 *   parent                              child (MARK is set)
 *   spawns, waits              ->       starts as in the foreground
 *   warnings, exit 0           <-       `ready` once the ports are open; closes the channel
 *   reason, exit 1             <-       `failure`, or its end without a word
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { BoundAddress } from "../transport/options.ts";
import { onSignal } from "./signals.ts";
import { UsageError } from "./usage-error.ts";

const MARK = "GEARMAND_TS_DAEMON";

interface Ready {
  readonly addresses: readonly BoundAddress[];
  /** What to tell who started us. */
  readonly warnings: readonly string[];
}

interface Failure {
  readonly failure: string;
}

/** Whether this process is the one in the background. Programs that it starts are not: they don't inherit the mark. */
export const inBackground = process.env[MARK] !== undefined;
delete process.env[MARK];

const send = (message: Ready | Failure): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else resolve();
  });

/** Tells who started us, if there is a channel to him, that the ports are open. */
export const reportReady = async (ready: Ready): Promise<void> => {
  await send(ready);
  if (inBackground && process.connected) process.disconnect();
};

/** Tells the process in the foreground why there is no daemon. */
export const reportFailure = async (failure: string): Promise<void> => {
  if (inBackground) await send({ failure });
};

/** Starts this program in the background and settles once its ports are open, with its warnings. */
export const daemonize = async (tokens: readonly string[]): Promise<readonly string[]> => {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...tokens], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { ...process.env, [MARK]: "1" },
  });
  onSignal((signal) => child.kill(signal));
  const told = once(child, "message").then(([message]) => message as Ready | Failure);
  const ended = once(child, "exit").then(
    ([code, signal]): Failure => ({ failure: `the daemon ended with ${code ?? signal}` }),
  );
  const outcome = await Promise.race([told, ended]);
  if ("failure" in outcome) throw new UsageError(outcome.failure);
  return outcome.warnings;
};
