/** The public API: one explicit list. */
export * from "./client/index.ts";
export type { CoreCounters } from "./core/counters.ts";
export type { CoreGauges } from "./core/job-server.ts";
export type { Limits } from "./core/limits.ts";
export { DEFAULT_LIMITS } from "./core/limits.ts";
export type { LogFields, Logger } from "./lib/log.ts";
export { VERSION } from "./lib/version.ts";
export type { ConnectionCounters } from "./server/counters.ts";
export { DEFAULT_OPTIONS, type ServerOptions } from "./server/options.ts";
export { createServer, type Server } from "./server/server.ts";
export { StartError } from "./server/start-error.ts";
export type { ServerStats } from "./server/stats.ts";
export type { Connection, ConnectionEvents, Remote } from "./transport/connection.ts";
export type { TlsClientFiles } from "./transport/dial.ts";
export {
  type BoundAddress,
  DEFAULT_TRANSPORT_LIMITS,
  type ListenAddress,
  type TlsFiles,
  type TransportLimits,
} from "./transport/options.ts";
// Not all of it: what both have is the client's, and without a codec a worker's functions have other types (its BytesFunctions).
export {
  type CloseOptions,
  FailJob,
  type Handler,
  type Outcome,
  type RegisterOptions,
  type ServersOptions,
  Worker,
  type WorkerEvents,
  type WorkerJob,
  type WorkerLimits,
  type WorkerOptions,
} from "./worker/index.ts";
