import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DEFAULT_PID_FILE } from "./flags/general.ts";
import { UsageError } from "./usage-error.ts";

/** Writes `PID\n`. An old file is removed first, so that a link put in its place is not followed. */
const write = (path: string): void => {
  try {
    rmSync(path, { force: true });
    writeFileSync(path, `${process.pid}\n`, { flag: "wx", mode: 0o644 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Could not open pid file for writing: ${path} (${reason})`);
  }
};

/** Best effort: a user who gave up root may be unable to, and the next start overwrites the file. One that names another process stays. */
const remove = (path: string): void => {
  try {
    if (readFileSync(path, "latin1") === `${process.pid}\n`) rmSync(path, { force: true });
  } catch {}
};

/** Writes the pid file and returns how to remove it. Only a file that was asked for by name is an error when it can't be written. */
export const openPidFile = (named: string | undefined, inBackground: boolean, warnings: string[]): (() => void) => {
  const path = named ?? (inBackground ? DEFAULT_PID_FILE : undefined);
  if (path === undefined) return () => {};
  try {
    write(path);
    return () => remove(path);
  } catch (error) {
    if (named !== undefined || !(error instanceof UsageError)) throw error;
    warnings.push(error.message);
    return () => {};
  }
};
