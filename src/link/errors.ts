/**
 * THE table of the library's errors, by what the caller does next. docs/client.md is made from it.
 *
 * `fix`: the call is wrong, and will fail again. `retry`: nothing was done; the same call may be made again. `unknown`: the job may
 * have run, may run, or not: again with the same unique, if running twice does no harm. `failed`: the job ran, and this is its outcome.
 */
export interface LibraryErrorSpec {
  readonly then: "fix" | "retry" | "unknown" | "failed";
  readonly when: string;
}

const spec = (then: LibraryErrorSpec["then"], when: string): LibraryErrorSpec => ({ then, when });

export const LIBRARY_ERRORS = {
  ADDRESS: spec("fix", "a server's address cannot be read"),
  ARGUMENT: spec("fix", "a name, unique, handle or option is not what Gearman can carry"),
  CLOSED: spec("fix", "the client or worker was closed"),
  CODEC: spec("fix", "the codec cannot turn the value into bytes, or the bytes into a value"),
  NO_SERVER: spec("retry", "no server could be reached in the time given"),
  REFUSED: spec("retry", "the server answered with an ERROR packet; `serverCode` is its code"),
  AUTH: spec("fix", "the auth hook failed, or the server refused it"),
  TIMEOUT: spec("unknown", "the job's own time limit passed"),
  LOST: spec("unknown", "the connection to the job's server was lost, and the job was not to be submitted again"),
  JOB_FAILED: spec("failed", "the worker said WORK_FAIL"),
  JOB_EXCEPTION: spec("failed", "the worker said WORK_EXCEPTION; `data` is what it said"),
  EVENTS_LOST: spec("fix", "events were read too late: more had come than are kept"),
  STREAM: spec("fix", "a streamed workload or result broke off, or had another size than it said"),
  PROTOCOL: spec("retry", "the server sent what the protocol does not allow"),
} as const satisfies Record<string, LibraryErrorSpec>;

export type LibraryErrorCode = keyof typeof LIBRARY_ERRORS;

/** What the client and worker library throws. */
export class GearmanError extends Error {
  override readonly name: string = "GearmanError";
  readonly code: LibraryErrorCode;
  /** REFUSED: the code of the server's ERROR packet, as QUEUE_ERROR. */
  readonly serverCode: string | undefined;

  constructor(code: LibraryErrorCode, message: string, details: { cause?: unknown; serverCode?: string } = {}) {
    super(message, "cause" in details ? { cause: details.cause } : {});
    this.code = code;
    this.serverCode = details.serverCode;
  }

  /** What the caller does next. */
  get next(): LibraryErrorSpec["then"] {
    return LIBRARY_ERRORS[this.code].then;
  }
}

/** What an error says; of a name with several addresses, what each of them said. Anything can be thrown, also what has no words. */
export function reasonOf(error: unknown): string {
  try {
    if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join("; ");
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "an error that cannot be shown";
  }
}
