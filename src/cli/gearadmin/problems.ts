/** What went wrong, at which server, and what to do. */
import { reasonOf } from "../../link/errors.ts";
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

/** By system error code. */
const CONNECT_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "is a server running there? -h and -p say where to look",
  ENOENT: "is a server running there? -h says where to look",
  ENOTFOUND: "is the name of the host right?",
  EAI_AGAIN: "the name service does not answer: try again, or give an IP address",
  ETIMEDOUT: "is the address right, and no firewall between? -t gives it more time",
  EACCES: "try it as a user who may open that socket",
  ECONNRESET: "try again; does it stop just now, or refuse this address?",
};

const TLS_HINT = "does it speak TLS there? leave -S or tls:// out if not";

const CERTIFICATE_HINT = "--ssl-ca-file names the certificates to trust, -h the host that the certificate is for";

const FILE_HINT = "--ssl-ca-file, --ssl-certificate and --ssl-key name files that can be read";

const isTls = (server: string): boolean => server.startsWith("tls://");

const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
};

const connectHint = (server: string, error: unknown): string => {
  const code = codeOf(error);
  if (error instanceof Error && "syscall" in error && error.syscall === "open") return FILE_HINT;
  if (isTls(server) && (code === "ECONNRESET" || code === "EPROTO" || code.startsWith("ERR_SSL"))) return TLS_HINT;
  return CONNECT_HINTS[code] ?? (/CERT|VERIFY/.test(code) ? CERTIFICATE_HINT : "");
};

const withHint = (message: string, hint: string): string => (hint === "" ? message : `${message}: ${hint}`);

export const noConnection = (server: string, cause: unknown): Unanswered => {
  const why = reasonOf(cause);
  return new Unanswered(why, withHint(`no connection to ${server}: ${why}`, connectHint(server, cause)));
};

export const silent = (server: string, line: string, milliseconds: number, got: number): Unanswered => {
  const why = `silent for ${milliseconds} ms`;
  const heard = got === 0 ? "gave no answer" : `stopped after ${got} bytes of its answer`;
  return new Unanswered(why, `${server} ${heard} to '${line}' and was ${why}: try again, or give it more time with -t`);
};

export const lost = (server: string, line: string, got: number, error: Error | undefined): Unanswered => {
  const why = error === undefined ? "it closed the connection" : reasonOf(error);
  const when = got === 0 ? "before" : `after ${got} bytes of`;
  const wish = isTls(server) ? "a certificate of ours (--ssl-certificate)" : "TLS (-S)";
  return new Unanswered(
    why,
    `the connection to ${server} was lost ${when} the answer to '${line}' (${why}): is it a Gearman server, does it want ${wish}, did it stop?`,
  );
};

/** By what the server says. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/UNKNOWN_COMMAND/i, "this server does not have the command"],
  [/function not found/, "--status lists the functions"],
  [/still connected workers/, "stop its workers first; --workers lists them"],
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
