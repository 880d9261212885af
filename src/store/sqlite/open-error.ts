/** Why a store cannot be opened or read, in words that say what to do. */
import type { Place } from "../messages.ts";
import { StoreError } from "../store-error.ts";
import { codeOf, SQLITE, textOf } from "./driver.ts";
import { IF_DAMAGED } from "./schema.ts";

/** What a place is called, and what helps when it is damaged. */
const PLACES = {
  directory: {
    noun: "directory",
    remedy: IF_DAMAGED,
  },
  table: {
    noun: "file",
    remedy:
      "it must be a file that the server may write to, as its directory; if it is damaged, `sqlite3 FILE .recover` shows what can be read",
  },
} as const satisfies Record<Place["kind"], { noun: string; remedy: string }>;

export function openError(error: unknown, kind: Place["kind"]): StoreError {
  if (error instanceof StoreError) return error;
  return new StoreError("open", why(error, PLACES[kind]), error);
}

function why(error: unknown, { noun, remedy }: (typeof PLACES)[Place["kind"]]): string {
  const code = codeOf(error);
  if (code === SQLITE.busy) return `another server uses it: stop that one, or choose another ${noun}`;
  if (code === SQLITE.full) return "the disk is full: make room";
  if (code === SQLITE.notADatabase && noun === "file") return "it is no SQLite database: choose another file";
  return `${textOf(error)}; ${remedy}`;
}
