/** The worker alone: `import { Worker } from "gearmand-ts/worker"` does not load the server. */

export type { LogFields, Logger } from "../lib/log.ts";
export type { Connectable, ServerAddress } from "../link/address.ts";
export type { Codec, CodecName } from "../link/codec.ts";
export { GearmanError, LIBRARY_ERRORS, type LibraryErrorCode, type LibraryErrorSpec } from "../link/errors.ts";
export type {
  DataOf,
  FunctionMap,
  FunctionTypes,
  JsonFunctions,
  ResultOf,
  TextFunctions,
  WorkloadOf,
} from "../link/functions.ts";
export type { Packet } from "../link/link.ts";
export type { Auth, Login } from "../link/open-link.ts";
export type { ServersOptions } from "../link/options.ts";
export type { SizedStream } from "../link/payload.ts";
export type { TlsClientFiles } from "../transport/dial.ts";
export type { WorkerEvents } from "./context.ts";
export { FailJob, type Handler, type Outcome, type WorkerJob } from "./handler.ts";
export type { BytesFunctions, CloseOptions, RegisterOptions, WorkerLimits, WorkerOptions } from "./options.ts";
export { Worker } from "./worker.ts";
