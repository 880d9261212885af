/**
 * The words of the field, as this server uses them.
 *
 * - function: the name under which workers offer work and clients ask for it; any bytes.
 * - job: one request to run a function on a workload.
 * - handle: the server's name of a job, `PREFIX:N`; what clients and workers call it by.
 * - unique: the client's name of a job. Jobs of one function with one unique coalesce: they are one job with several clients.
 * - workload: the opaque bytes a job carries.
 * - client: a connection that waits for a job's result. A foreground job lives as long as one waits; a background job has no need of any.
 * - worker: a connection that offers functions and grabs jobs.
 * - grab: to ask for a job; the only way to be given one.
 * - pre-sleep: a worker found no job and asks to be woken (with a NOOP) when there is one.
 * - epoch: a background job that is not to run before a given second of wall time.
 * - runnable: queued and due; the next grab of a worker with that function may have it.
 * - stored: a background job is `pending` until the store has committed it, and only then acknowledged and runnable.
 *
 * Names are bytes. They are held as strings with one character for each byte (Latin-1), so that `===` and Map compare bytes.
 */
export type ByteString = string;

/** The opaque bytes a job carries. Few of them are kept as a ByteString: a Uint8Array takes more memory than they do. */
export type Workload = ByteString | Uint8Array;

/** HIGH before NORMAL before LOW, over all functions of a worker. PROTOCOL: Client Requests */
export const Priority = { high: 0, normal: 1, low: 2 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];
export const PRIORITIES: readonly Priority[] = [Priority.high, Priority.normal, Priority.low];

/** What a submit asks for. */
export interface JobSpec {
  readonly function: ByteString;
  /** Empty: never coalesced. `-`: the workload is the unique. */
  readonly unique: ByteString;
  readonly workload: Workload;
  readonly priority: Priority;
  readonly background: boolean;
  /** The function that gathers a reduce job's parts; empty for others. PROTOCOL: SUBMIT_REDUCE_JOB */
  readonly reducer: ByteString;
  /** Wall time, in seconds, before which the job does not run; 0: at once. PROTOCOL: SUBMIT_JOB_EPOCH */
  readonly epoch: number;
}

/** Which answer a grab asked for: JOB_ASSIGN, JOB_ASSIGN_UNIQ or JOB_ASSIGN_ALL. */
export type GrabKind = "plain" | "unique" | "all";

/** Where the core gets its time. */
export interface Clock {
  /** Milliseconds that only ever grow: for timeouts. */
  monotonic(): number;
  /** Milliseconds since 1970: for epoch jobs. */
  wall(): number;
}

/** Why a submit was refused, sorted by what the peer is told. */
export type Refusal = "function full" | "server full" | "too many functions" | "draining";
