/** The public API: one explicit list. */
export * from "./client/index.ts";
export type { CoreCounters } from "./core/counters.ts";
export type { CoreGauges } from "./core/job-server.ts";
export type { Limits } from "./core/limits.ts";
export { DEFAULT_LIMITS } from "./core/limits.ts";
export { VERSION } from "./lib/version.ts";
export type { ConnectionCounters } from "./server/counters.ts";
export { DEFAULT_OPTIONS, type GearmandQueue, type ServerOptions } from "./server/options.ts";
export { createServer, type Server } from "./server/server.ts";
export { StartError } from "./server/start-error.ts";
export type { ServerStats } from "./server/stats.ts";
export { DURABILITIES, type Durability, type DurabilityName, type StoredDurability } from "./store/durability.ts";
export { StoreError } from "./store/store-error.ts";
export {
  type BoundAddress,
  DEFAULT_TRANSPORT_LIMITS,
  type ListenAddress,
  type TlsFiles,
  type TransportLimits,
} from "./transport/options.ts";
export * from "./worker/index.ts";
