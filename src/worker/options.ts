import type { CodecOption } from "../link/functions.ts";
import type { ServersOptions } from "../link/options.ts";
import type { SizedStream } from "../link/payload.ts";

/** What may be a result, or a piece of one, where there is no codec. Nothing at all is a result of no bytes. */
type Bytes = Uint8Array | string | SizedStream | undefined;

/** Any function, with bytes in and out: what a worker without a codec does. Text goes out as UTF-8. */
export interface WorkerBytesFunctions {
  readonly [name: string]: { readonly workload: Buffer; readonly result: Bytes };
}

export interface WorkerLimits {
  /** Jobs at once, over all servers: 1. Functions with a `concurrency` of their own come on top. */
  readonly concurrency?: number;
  /** After so many jobs the worker takes no more and closes by itself; no limit if it is not said. */
  readonly maxJobs?: number;
  /** Milliseconds of silence after which a server is asked by ECHO whether it is there, and again so many until it is given up: 10,000. */
  readonly heartbeat?: number;
}

export type WorkerOptions<F = WorkerBytesFunctions> = ServersOptions &
  CodecOption<F, WorkerBytesFunctions> &
  WorkerLimits;

export interface RegisterOptions {
  /**
   * Milliseconds that a job may take; servers count whole seconds, so 1000 is the least. After that the server gives it to a worker again
   * (gearmand and gearmand-ts), and `signal` aborts. No limit if it is not said.
   */
  readonly timeout?: number;
  /** Jobs of this function at once, with connections of its own; if it is not said, it shares the worker's `concurrency`. */
  readonly concurrency?: number;
}

export interface CloseOptions {
  /** Milliseconds after which the jobs that still run are aborted and the connections cut; never if it is not said. */
  readonly timeout?: number;
}

export const DEFAULT_CONCURRENCY = 1;
export const DEFAULT_HEARTBEAT = 10_000;
