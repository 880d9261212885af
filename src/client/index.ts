/** The client alone: `import { Client } from "gearmand-ts/client"` does not load the server. */
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
export type { SizedStream } from "../link/payload.ts";
export { Client, type ClientEvents } from "./client.ts";
export { JobError, type JobName } from "./errors.ts";
export type { JobEvent } from "./events.ts";
export type { BackgroundJob, Job } from "./job.ts";
export type {
  BytesFunctions,
  Choice,
  ClientOptions,
  ClientSettings,
  InBackground,
  InForeground,
  Priority,
  SubmitOptions,
} from "./options.ts";
export type { JobStatus, UniqueStatus } from "./status.ts";
