import { type Check, optional } from "../lib/check.ts";
import { COMMON_CHECKS, number } from "../link/check-options.ts";
import type { ServersOptions } from "../link/options.ts";
import type { CloseOptions, RegisterOptions, WorkerLimits } from "./options.ts";

export const WORKER_CHECKS: Readonly<Record<keyof ServersOptions | keyof WorkerLimits | "codec", Check>> = {
  ...COMMON_CHECKS,
  concurrency: optional(number),
  maxJobs: optional(number),
  heartbeat: optional(number),
};

export const REGISTER_CHECKS: Readonly<Record<keyof RegisterOptions, Check>> = {
  timeout: optional(number),
  concurrency: optional(number),
};

export const CLOSE_CHECKS: Readonly<Record<keyof CloseOptions, Check>> = { timeout: optional(number) };
