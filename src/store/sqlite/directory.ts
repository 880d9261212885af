/** The data directory itself: made if need be, for its owner alone, and never one that holds something else. */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { StoreError } from "../store-error.ts";
import { textOf } from "./driver.ts";

export const DATABASE = "jobs.sqlite";
export const BALLAST = "ballast";

/** What a new volume has in it. */
const NOTHING = ["lost+found"];

const syncDirectory = (path: string): void => {
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
};

/** Each directory that was made, from that one down, is to be there after a power cut. */
function syncAbove(directory: string, firstMade: string | undefined): void {
  if (firstMade === undefined) return;
  for (let made = directory; made.length >= firstMade.length; made = dirname(made)) syncDirectory(dirname(made));
}

/** Makes ready the directory and an empty file in it, so that both outlive a power cut. Returns the file. */
export function prepareDirectory(directory: string): string {
  try {
    return prepare(resolve(directory));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError("open", `${textOf(error)}; it must be a directory that the server may write to`, error);
  }
}

function prepare(directory: string): string {
  syncAbove(directory, mkdirSync(directory, { recursive: true, mode: 0o700 }));
  const inside = readdirSync(directory).filter((name) => !NOTHING.includes(name));
  const file = join(directory, DATABASE);
  if (inside.length > 0 && !inside.includes(DATABASE) && !inside.every((name) => name === BALLAST))
    throw new StoreError(
      "open",
      "it holds other files and no queue: choose an empty directory, or one that does not exist",
    );
  closeToOthers(directory);
  closeSync(openSync(file, "a", 0o600));
  syncDirectory(directory);
  return file;
}

/** A volume may belong to another user; its files are for the owner alone in any case. */
function closeToOthers(directory: string): void {
  try {
    chmodSync(directory, 0o700);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  }
}
