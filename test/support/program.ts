import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { builtProgram } from "./built.ts";

/** How long a program may take before a test fails, milliseconds. */
const PATIENCE = 20_000;

/** Whether a program is installed that a test needs. */
export const installed = (program: string): boolean => spawnSync("which", [program]).status === 0;

/** Runs gearmand-ts to its end, or in the background with -d: then it returns when its pipes are closed. */
export const runProgram = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [builtProgram(), ...args], { encoding: "utf8", timeout: PATIENCE });

/** Settles when a process that is nobody's child here has ended. */
export const ended = (pid: number): void => {
  spawnSync("tail", [`--pid=${pid}`, "-s", "0.01", "-f", "/dev/null"]);
};
