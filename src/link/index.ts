/** What client and worker have in common in the public API. */
export type { LogFields, Logger } from "../lib/log.ts";
export type { Connection, ConnectionEvents, Remote } from "../transport/connection.ts";
export type { TlsClientFiles } from "../transport/dial.ts";
export type { Connectable, ServerAddress } from "./address.ts";
export type { Codec, CodecName } from "./codec.ts";
export { GearmanError, LIBRARY_ERRORS, type LibraryErrorCode, type LibraryErrorSpec } from "./errors.ts";
export type {
  DataOf,
  FunctionMap,
  FunctionTypes,
  JsonFunctions,
  ResultOf,
  TextFunctions,
  WorkloadOf,
} from "./functions.ts";
export type { Packet } from "./link.ts";
export type { Auth, Login } from "./open-link.ts";
export type { ServersOptions } from "./options.ts";
export type { SizedStream } from "./payload.ts";
