/** What went wrong: in words, with what to do, and as an exit status. */
import { GearmanError, type LibraryErrorCode } from "../../link/errors.ts";
import { lineOf, serverHint, withHint } from "../problems.ts";
import { UsageError } from "../usage-error.ts";
import type { Ending } from "./exit-status.ts";

const CODES: Readonly<Record<LibraryErrorCode, { readonly ending: Ending; readonly hint?: string }>> = {
  ADDRESS: { ending: "usage" },
  ARGUMENT: { ending: "usage" },
  CLOSED: { ending: "server" },
  CODEC: { ending: "server" },
  NO_SERVER: { ending: "server" },
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

const hintOf = (error: unknown): string => {
  if (!(error instanceof GearmanError)) return "";
  return error.code === "NO_SERVER" ? serverHint(error) : (CODES[error.code].hint ?? "");
};

export const problemOf = (error: unknown): string => withHint(lineOf(error), hintOf(error));

/** A worker goes on without the server, and tries it again. */
export const lossOf = (error: GearmanError): string =>
  withHint(`${lineOf(error)}; it is tried again`, serverHint(error));
