/** The data directory itself: made if need be, for its owner alone, and never one that holds something else. */
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StoreError } from "../store-error.ts";
import { textOf } from "./driver.ts";
import { logOf, sync } from "./files.ts";

export const DATABASE = "jobs.sqlite";
export const BALLAST = "ballast";

/** What a new volume has in it. */
const NOTHING = ["lost+found"];

/** Opened as they are: a pipe or a device among them would hold the start up, a link would part the jobs from their log. */
const FILES = [DATABASE, logOf(DATABASE), `${DATABASE}-journal`, BALLAST];

/** Node's own `recursive` never ends below /proc. Each directory that is made is to be there after a power cut. */
export function makeDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(directory);
  makeDirectory(parent);
  mkdirSync(directory, { mode: 0o700 });
  sync(parent);
}

/** Makes ready the directory and an empty file in it, so that both outlive a power cut. Returns the file. */
export function prepareDirectory(directory: string): string {
  try {
    return prepare(resolve(directory));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw unusable(error);
  }
}

const unusable = (error: unknown): StoreError =>
  new StoreError("open", `${textOf(error)}; it must be a directory that the server may write to`, error);

function prepare(directory: string): string {
  makeDirectory(directory);
  const inside = readdirSync(directory).filter((name) => !NOTHING.includes(name));
  const file = join(directory, DATABASE);
  if (inside.length > 0 && !inside.includes(DATABASE) && !inside.every((name) => name === BALLAST))
    throw new StoreError(
      "open",
      "it holds other files and no queue: choose an empty directory, or one that does not exist",
    );
  refuseOdd(directory);
  closeSync(openSync(file, "a", 0o600));
  sync(directory);
  return file;
}

function refuseOdd(directory: string): void {
  const odd = FILES.find((name) => lstatSync(join(directory, name), { throwIfNoEntry: false })?.isFile() === false);
  if (odd !== undefined)
    throw new StoreError("open", `${odd} in it is no regular file: move it away, or choose another directory`);
}

/** To be called when the directory is known to be ours. A volume may belong to another user; its files are for the owner alone in any case. */
export function closeToOthers(directory: string): void {
  try {
    chmodSync(directory, 0o700);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw unusable(error);
  }
}
