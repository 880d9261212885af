/**
 * THE table of errors: what an ERROR packet says, and what happens next. Codes and texts that gearmand has are gearmand's.
 * PROTOCOL: ERROR
 */
export interface ProtocolErrorSpec {
  readonly code: string;
  readonly text: string;
  /** `reply`: and go on. `close`: reply and hang up. */
  readonly then: "reply" | "close";
  /** When a peer gets it. */
  readonly when: string;
}

const spec = (code: string, text: string, when: string, then: "reply" | "close" = "reply"): ProtocolErrorSpec => ({
  code,
  text,
  then,
  when,
});

export const ERRORS = {
  responseMagic: spec("INVALID_MAGIC", "Request magic expected", "a packet with the magic of a response"),
  notARequest: spec(
    "INVALID_COMMAND",
    "Command not expected",
    "a packet that only a server sends, or that nothing serves",
  ),
  malformed: spec("INVALID_PACKET", "Arguments are not as the packet's type needs them", "a NUL is missing", "close"),
  argumentTooLong: spec(
    "ARGUMENT_TOO_LARGE",
    "Argument value too large",
    "an argument of more than 8191 bytes",
    "close",
  ),
  packetTooLarge: spec(
    "ARGUMENT_TOO_LARGE",
    "Packet is larger than this server accepts",
    "a body over --max-packet-bytes; it is discarded",
  ),
  inputFull: spec(
    "QUEUE_ERROR",
    "Too many bytes of unfinished packets",
    "a body that passes --max-input-bytes; it is discarded",
  ),
  uniqueTooLong: spec("ARGUMENT_TOO_LARGE", "Unique value too large", "a unique or a reducer of more than 64 bytes"),
  handleTooLong: spec(
    "ARGUMENT_TOO_LARGE",
    "Error occurred due to GEARMAND_JOB_HANDLE_SIZE being too small from snprintf",
    "a handle of 64 bytes or more",
  ),
  numberTooLong: spec("ARGUMENT_TOO_LARGE", "Number out of range", "an epoch or timeout that no clock can reach"),
  functionFull: spec("QUEUE_ERROR", "Job queue is full", "the function has its maxqueue of jobs"),
  serverFull: spec(
    "QUEUE_ERROR",
    "Job queue of the server is full",
    "all jobs together pass --max-jobs or --max-job-bytes, or who waits for them --max-waits",
  ),
  tooManyFunctions: spec(
    "QUEUE_ERROR",
    "Too many functions",
    "a new function beyond --max-functions; one more that this worker offers, beyond --max-abilities, or beyond what memory allows all of them",
  ),
  notStored: spec("QUEUE_ERROR", "Job could not be stored", "the store cannot take this background job"),
  noSpace: spec("QUEUE_ERROR", "Job could not be stored: the disk is full", "no room for background jobs on the disk"),
  draining: spec("SHUTDOWN", "Server is shutting down", "a submit while the server stops"),
  unknownOption: spec(
    "UNKNOWN_OPTION",
    "Server does not recognize given option",
    "OPTION_REQ of another option than exceptions and barrier",
  ),
  jobUnknown: spec(
    "JOB_NOT_FOUND",
    "Job does not exist on server",
    "WORK_DATA or WORK_WARNING of a job that the connection does not run",
  ),
  jobNotFound: spec(
    "JOB_NOT_FOUND",
    "Job given in work result not found",
    "WORK_STATUS, WORK_COMPLETE or WORK_FAIL of a job that the connection does not run",
  ),
  exceptionUnknown: spec(
    "JOB_NOT_FOUND",
    "An exception was received for a job that does not exist",
    "WORK_EXCEPTION of a job that the connection does not run",
  ),
} as const satisfies Record<string, ProtocolErrorSpec>;

export type ErrorName = keyof typeof ERRORS;
