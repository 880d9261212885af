/** Why the server cannot start: the message says what, where, and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** The system's code, such as EADDRINUSE. */
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }

  /** Explains the system's error at that address. */
  static at(where: string, cause: unknown): StartError {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "UNKNOWN";
    const reason = REMEDIES[code] ?? (cause instanceof Error ? cause.message : String(cause));
    return new StartError(code, `Could not listen on ${where}: ${reason}`, cause);
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use; stop the server that holds it, or choose another with --port",
  EACCES: "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE, socket files a writable folder",
  EADDRNOTAVAIL: "this machine does not have that address; see --listen",
  ENOTFOUND: "no such host; see --listen",
};
