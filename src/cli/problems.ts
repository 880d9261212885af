/** What went wrong with a connection, in one line, and what to do: for all programs that talk to servers. */
import { GearmanError, reasonOf } from "../link/errors.ts";

/** By system error code. */
const CONNECT_HINTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "is a server running there? -h and -p say where to look",
  ENOENT: "is a server running there? -h says where to look",
  ENOTFOUND: "is the name of the host right?",
  EAI_AGAIN: "the name service does not answer: try again, or give an IP address",
  ETIMEDOUT: "is the address right, and no firewall between?",
  EACCES: "try it as a user who may open that socket",
  ECONNRESET: "try again; does it stop just now, or refuse this address?",
};

/** By the code of an error of TLS; the first that fits. */
const TLS_HINTS: readonly (readonly [RegExp, string])[] = [
  [/ALERT_CERTIFICATE_REQUIRED/, "it wants a certificate of ours: --ssl-certificate and --ssl-key name it"],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE)/, "it does not trust our certificate: --ssl-certificate names another"],
  [/KEY_VALUES_MISMATCH/, "--ssl-key names the key of another certificate than --ssl-certificate"],
  [/^ERR_OSSL/, "--ssl-ca-file, --ssl-certificate and --ssl-key name PEM files"],
  [/^(ECONNRESET|EPROTO|ERR_SSL.*)$/, "does it speak TLS there? leave -S or tls:// out if not"],
  [/CERT|VERIFY|PURPOSE/, "--ssl-ca-file names the certificates to trust, -h the host that the certificate is for"],
];

const FILE_HINT = "--ssl-ca-file, --ssl-certificate and --ssl-key name files that can be read";

const isTls = (server: string): boolean => server.includes("tls://");

/** The first that says anything, of a name with several addresses. */
export const codeOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error ? String(error.code) : "";
};

/**
 * What to do about the system's error; "" if nobody knows.
 *
 * @param server its name, or a text that holds it
 */
export const connectHint = (server: string, error: unknown): string => {
  const code = codeOf(error);
  if (error instanceof Error && "syscall" in error && error.syscall === "open") return FILE_HINT;
  const [, tls] = (isTls(server) && TLS_HINTS.find(([pattern]) => pattern.test(code))) || [];
  return tls ?? CONNECT_HINTS[code] ?? "";
};

/** For a connection that stood, and ended. */
export const lostHint = (server: string, error: unknown): string => {
  if (codeOf(error).startsWith("ERR_SSL")) return connectHint(server, error);
  const wish = isTls(server) ? "a certificate of ours (--ssl-certificate)" : "TLS (-S)";
  return `is it a Gearman server, does it want ${wish}, did it stop?`;
};

/** Of an error of the library, the hints of all that caused it. */
const hintsOf = (error: unknown, server: string): readonly string[] => {
  const name = error instanceof GearmanError ? error.message : server;
  if (error instanceof GearmanError && error.code === "LOST") return [lostHint(name, error.cause)];
  if (error instanceof Error && error.cause !== undefined) return hintsOf(error.cause, name);
  if (error instanceof GearmanError) return [];
  const several = error instanceof AggregateError && error.errors.some((one) => one instanceof GearmanError);
  return several ? error.errors.flatMap((one) => hintsOf(one, name)) : [connectHint(name, error)];
};

/** What to do about servers that could not be reached, by what caused the error; "" if nobody knows. */
export const serverHint = (error: GearmanError): string =>
  [...new Set(hintsOf(error, ""))].filter((hint) => hint !== "").join("; ");

export const withHint = (message: string, hint: string): string => (hint === "" ? message : `${message}: ${hint}`);

/** What an error says, in one line: OpenSSL ends its messages with one. */
export const lineOf = (error: unknown): string =>
  reasonOf(error)
    .replaceAll(/\s*[\r\n]+\s*(?=[;:,)]|$)/g, "")
    .replaceAll(/\s*[\r\n]+\s*/g, " ");
