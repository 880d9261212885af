import type { Log } from "../lib/create-log.ts";
import { endBy } from "./end-as-it-is.ts";

/** What must be undone at exit, however it comes. */
export interface Traces {
  readonly log: Log;
  removePidFile: () => void;
}

const clear = ({ log, removePidFile }: Traces): void => {
  removePidFile();
  log.flushSync();
};

/** Without waiting for running jobs. A thread that waits for a disk is waited for. */
export const exitNow = (traces: Traces, code: number): never => {
  clear(traces);
  process.exit(code);
};

/** Without waiting for anything. */
export const endNow = (traces: Traces, signal: NodeJS.Signals): never => {
  clear(traces);
  return endBy(signal);
};
