import type { JobServer } from "../core/job-server.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Peer } from "../core/peer.ts";

/** What the text commands see of the server. */
export interface AdminContext {
  readonly core: JobServer;
  readonly version: string;
  readonly pid: number;
  /** gearmand's name of the log level. */
  readonly verbosity: string;
  readonly allowShutdown: boolean;
  /** How the store keeps jobs, and what it counts: names and values. */
  store(): Iterable<readonly [string, string | number]>;
  /** Address of a connection. */
  addressOf(peer: Peer): string;
  /** Sends what an operation did to others. */
  deliver(outcome: Outcome): void;
  /** Stops the server: now (running jobs have their time), or when no job is left. */
  shutdown(graceful: boolean): void;
}
