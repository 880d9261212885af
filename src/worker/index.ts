/** The worker alone: `import { Worker } from "gearmand-ts/worker"` does not load the server. */
export * from "../link/index.ts";
export type { WorkerEvents } from "./context.ts";
export { FailJob, type Handler, type Outcome, type WorkerJob } from "./handler.ts";
export type { CloseOptions, RegisterOptions, WorkerBytesFunctions, WorkerLimits, WorkerOptions } from "./options.ts";
export { Worker } from "./worker.ts";
