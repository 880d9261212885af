import type { CodecOption } from "../link/functions.ts";
import type { ServersOptions } from "../link/options.ts";
import type { SizedStream } from "../link/payload.ts";

/** Any function, with bytes in and out: what a client without a codec speaks. Text goes out as UTF-8. */
export interface ClientBytesFunctions {
  readonly [name: string]: { readonly workload: Uint8Array | string | SizedStream; readonly result: Buffer };
}

/**
 * Which of several servers gets a job, among those that are up.
 *
 * `hash`: by function and unique, so that equal jobs of a whole fleet of clients meet at one server and are done once; when a server
 * leaves, only its jobs move. `round-robin`: one after the other. `in-order`: the first; the others are spares.
 */
export type Choice = (typeof CHOICES)[number];
export const CHOICES = ["hash", "round-robin", "in-order"] as const;

export interface ClientSettings {
  /** Which server gets a job: by `hash`. */
  readonly choose?: Choice;
  /** Whether to ask the servers for WORK_EXCEPTION: true. Else gearmand-ts sends it as WORK_FAIL, and C gearmand nothing at all. */
  readonly exceptions?: boolean;
  /** Milliseconds that a job waits while no server is up: 10,000. 0: each is tried once. Infinity: for ever. */
  readonly serverTimeout?: number;
  /** Milliseconds until a server that is alive but has not said JOB_CREATED is given up: 30,000. */
  readonly ackTimeout?: number;
}

export type ClientOptions<F> = ServersOptions & CodecOption<F, ClientBytesFunctions> & ClientSettings;

export type Priority = (typeof PRIORITIES)[number];
export const PRIORITIES = ["high", "normal", "low"] as const;

/** How one job is submitted. */
export interface SubmitOptions {
  readonly priority?: Priority;
  /** Jobs of a function with the same unique are one job. A UUID of its own if it is not said; `""`: none; `"-"`: the workload. */
  readonly unique?: string;
  /** Nobody waits for the result. */
  readonly background?: boolean;
  /** Not before then, to the second; in the background, with normal priority. */
  readonly at?: Date;
  /** The function that works on the parts, for a worker that splits the job. */
  readonly reducer?: string;
  /** Gives the job up. The server is not told, as the protocol has no word for it: a worker may still run it. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the job is given up with TIMEOUT, counted from the call. */
  readonly timeout?: number;
  /** Whether to submit again when the server is lost before the outcome is known: true. False: it fails with LOST. */
  readonly resubmit?: boolean;
}

/** What makes `submit` return a BackgroundJob. */
export type InBackground = { readonly background: true } | { readonly at: Date };

/** What makes it return a Job. */
export interface InForeground {
  readonly background?: false | undefined;
  readonly at?: undefined;
}

export interface Patience {
  readonly serverTimeout: number;
  readonly ackTimeout: number;
}

export const DEFAULT_PATIENCE: Patience = { serverTimeout: 10_000, ackTimeout: 30_000 };
