import type { Log } from "../lib/create-log.ts";

/** What must be undone at exit, however it comes. */
export interface Traces {
  readonly log: Log;
  removePidFile: () => void;
}

/** Without waiting for anything. */
export const exitNow = ({ log, removePidFile }: Traces, code: number): never => {
  removePidFile();
  log.flushSync();
  process.exit(code);
};
