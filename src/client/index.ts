/** The client alone: `import { Client } from "gearmand-ts/client"` does not load the server. */
export * from "../link/index.ts";
export { Client, type ClientEvents } from "./client.ts";
export { JobError, type JobName } from "./errors.ts";
export type { JobEvent } from "./events.ts";
export type { BackgroundJob, Job } from "./job.ts";
export type {
  Choice,
  ClientBytesFunctions,
  ClientOptions,
  ClientSettings,
  InBackground,
  InForeground,
  Priority,
  SubmitOptions,
} from "./options.ts";
export type { JobStatus, UniqueStatus } from "./status.ts";
