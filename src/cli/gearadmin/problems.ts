/** What went wrong, at which server, and what to do. */
import { codeOf, connectHint, lineOf, lostHint, withHint } from "../problems.ts";
import type { Request } from "./operations.ts";

/** A server could not be asked, or did not answer to the end: nothing more is asked of it. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  /** In a few words, for where the server is named and asked again. */
  readonly why: string;

  constructor(why: string, message: string) {
    super(message);
    this.why = why;
  }
}

/** -t is for connections, too. */
const moreTime = (cause: unknown): string => (codeOf(cause) === "ETIMEDOUT" ? " -t gives it more time" : "");

export const noConnection = (server: string, cause: unknown): Unanswered => {
  const why = lineOf(cause);
  const hint = connectHint(server, cause) + moreTime(cause);
  return new Unanswered(why, withHint(`no connection to ${server}: ${why}`, hint));
};

export const silent = (server: string, line: string, milliseconds: number, got: number): Unanswered => {
  const why = `silent for ${milliseconds} ms`;
  const heard = got === 0 ? "gave no answer" : `stopped after ${got} bytes of its answer`;
  return new Unanswered(why, `${server} ${heard} to '${line}' and was ${why}: try again, or give it more time with -t`);
};

export const lost = (server: string, line: string, got: number, error: Error | undefined): Unanswered => {
  const why = error === undefined ? "it closed the connection" : lineOf(error);
  const when = got === 0 ? "before" : `after ${got} bytes of`;
  const what = `the connection to ${server} was lost ${when} the answer to '${line}' (${why})`;
  return new Unanswered(why, withHint(what, lostHint(server, error)));
};

/** By what the server says. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/UNKNOWN_COMMAND/i, "this server does not have the command"],
  [/function not found/, "--status lists the functions"],
  [/still connected workers/, "stop its workers first; --workers lists them"],
  [/UNKNOWN_SHOW_ARGUMENTS/, "this server does not have the command"],
  [/UNKNOWN_JOB/, "it has ended, or is another server's; --show-jobs lists the jobs"],
  [/INVALID_ARGUMENTS|UNKNOWN_ERROR/, "a text command cannot carry names with spaces"],
];

const SHUTDOWN_HINT =
  "only a gearmand-ts that was started with --allow-shutdown takes it; at others, send SIGTERM to the process";

/** The message about an ERR. */
export const refusal = (server: string, { name, line }: Request, complaint: string): string => {
  const [, general = ""] = REFUSALS.find(([pattern]) => pattern.test(complaint)) ?? [];
  const hint = name.startsWith("shutdown") && /UNKNOWN_COMMAND/i.test(complaint) ? SHUTDOWN_HINT : general;
  return withHint(`${server} refused '${line}': ${complaint}`, hint);
};
