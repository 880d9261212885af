/** What went wrong: in words, with what to do, and as an exit status. */
import { GearmanError, type LibraryErrorCode, reasonOf } from "../../link/errors.ts";
import { UsageError } from "../usage-error.ts";
import type { Ending } from "./exit-status.ts";

const CODES: Readonly<Record<LibraryErrorCode, { readonly ending: Ending; readonly hint?: string }>> = {
  ADDRESS: { ending: "usage" },
  ARGUMENT: { ending: "usage" },
  CLOSED: { ending: "server" },
  CODEC: { ending: "server" },
  NO_SERVER: { ending: "server", hint: "is a server running there? -h and -p say where to look" },
  REFUSED: { ending: "server" },
  AUTH: { ending: "server" },
  TIMEOUT: { ending: "late", hint: "is there a worker? gearadmin-ts --status tells; -t gives it more time" },
  LOST: { ending: "server", hint: "it may have run; send it again if running twice does no harm" },
  JOB_FAILED: { ending: "failed" },
  JOB_EXCEPTION: { ending: "failed" },
  EVENTS_LOST: { ending: "server" },
  STREAM: { ending: "input", hint: "did the file change while it was read?" },
  PROTOCOL: { ending: "server" },
};

export const endingOf = (error: unknown): Ending => {
  if (error instanceof UsageError) return "usage";
  return error instanceof GearmanError ? CODES[error.code].ending : "input";
};

export const problemOf = (error: unknown): string => {
  const hint = error instanceof GearmanError ? CODES[error.code].hint : undefined;
  return hint === undefined ? reasonOf(error) : `${reasonOf(error)}: ${hint}`;
};
