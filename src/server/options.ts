import type { Limits } from "../core/limits.ts";
import { DEFAULT_LIMITS } from "../core/limits.ts";
import type { Logger } from "../lib/log.ts";
import { silentLogger } from "../lib/log.ts";
import type { StoredDurability } from "../store/durability.ts";
import type { ListenAddress, TlsFiles, TransportLimits } from "../transport/options.ts";
import { DEFAULT_TRANSPORT_LIMITS } from "../transport/options.ts";

/** A queue that gearmand's plugin libsqlite3 can take over, and that may come from it. */
export interface GearmandQueue {
  /** The SQLite file; it is made if need be. */
  readonly file: string;
  /** The table in it; gearman_queue if it is not given. */
  readonly table?: string | undefined;
  /** Jobs are in memory only, and written when the server stops. */
  readonly onShutdown?: boolean | undefined;
}

/** gearmand's name of the table. */
export const DEFAULT_TABLE = "gearman_queue";

/** All settings of a server, with their units. Flags, config file and library users fill this one object. */
export interface ServerOptions {
  /** Where to listen. Port 0: one of the kernel's choice. An empty list: nowhere (in-memory connections only). */
  readonly listen: readonly ListenAddress[];
  /** Length of the kernel's accept queue. */
  readonly backlog: number;
  /** Idle time of a connection before the kernel probes it, seconds; 0: no probes. */
  readonly keepaliveIdle: number;
  /** TLS for every TCP connection; undefined: none. */
  readonly tls: TlsFiles | undefined;
  /** Handles are `PREFIX:1` upwards. */
  readonly jobHandlePrefix: string;
  /** How often a job is run whose worker died or timed out: -1 without limit, 0 and 1 once, n that many times. */
  readonly jobRetries: number;
  /** The least number of sleepers woken for a job; 0 wakes all; undefined lets the server choose. */
  readonly workerWakeup: number | undefined;
  /** Where background jobs are kept, a directory of the server's own; undefined: in memory only. */
  readonly dataDir: string | undefined;
  /** gearmand's own SQLite queue, in place of a `dataDir`; undefined: none. */
  readonly queue: GearmandQueue | undefined;
  /** When a background job with a `dataDir` or a `queue` is acknowledged: see DURABILITIES. Undefined: `full`, if there is either. */
  readonly durability: StoredDurability | undefined;
  /** Every connection starts with the option `exceptions` on. */
  readonly exceptions: boolean;
  /** Whether the text commands `shutdown` and `shutdown graceful` are obeyed. */
  readonly allowShutdown: boolean;
  /** How long a stopping server waits for running jobs, milliseconds. */
  readonly drainTimeout: number;
  /** What `verbose` answers: gearmand's name of the log level. */
  readonly verbosity: string;
  /** Bounds of the queue. */
  readonly limits: Limits;
  /** Bounds of connections. */
  readonly transport: TransportLimits;
  readonly logger: Logger;
}

export const DEFAULT_OPTIONS: ServerOptions = {
  listen: [{ host: undefined, port: 4730 }],
  // gearmand's 32 drops connections when many come at once.
  backlog: 511,
  keepaliveIdle: 60,
  tls: undefined,
  jobHandlePrefix: "H:localhost",
  jobRetries: -1,
  workerWakeup: undefined,
  dataDir: undefined,
  queue: undefined,
  durability: undefined,
  exceptions: false,
  allowShutdown: false,
  drainTimeout: 8000,
  verbosity: "ERROR",
  limits: DEFAULT_LIMITS,
  transport: DEFAULT_TRANSPORT_LIMITS,
  logger: silentLogger,
};
