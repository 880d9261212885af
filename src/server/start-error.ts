import { addressText } from "../transport/address-text.ts";
import type { ListenAddress, TlsFiles } from "../transport/options.ts";

/** Why the server cannot start: the message says what, where, and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** The system's code, such as EADDRINUSE. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }

  /** Explains why that address could not be opened. */
  static at(address: ListenAddress, cause: unknown): StartError {
    const remedies = address.path === undefined ? PORT_REMEDIES : PATH_REMEDIES;
    const code = codeOf(cause);
    return new StartError(
      code,
      `Could not listen on ${addressText(address)}: ${remedies[code] ?? textOf(cause)}`,
      cause,
    );
  }

  /** Explains why the TLS files cannot be used. */
  static tls({ certificate, key, ca }: TlsFiles, cause: unknown): StartError {
    const files = [
      `--ssl-certificate ${certificate}`,
      `--ssl-key ${key}`,
      ...(ca === undefined ? [] : [`--ssl-ca-file ${ca}`]),
    ];
    const message = `Could not use the TLS files (${files.join(", ")}): ${textOf(cause)}; each must be a readable PEM file, and the key that of the certificate`;
    return new StartError(codeOf(cause), message, cause);
  }
}

const codeOf = (cause: unknown): string => (cause instanceof Error && "code" in cause ? String(cause.code) : "UNKNOWN");
const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const PORT_REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use; stop the server that holds it, or choose another with --port",
  EACCES: "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE",
  EADDRNOTAVAIL: "this machine does not have that address; see --listen",
  ENOTFOUND: "no such host; see --listen",
};

const PATH_REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "a server listens there, or the file is no socket; stop it, remove the file, or choose another path with --listen",
  EACCES: "its folder does not exist or may not be written; make it, or choose another path with --listen",
};
