import { optional, whole } from "../lib/check.ts";
import { LONGEST_TIMER } from "../lib/waiting.ts";
import { COMMON_CHECKS, optionsCheck } from "../link/check-options.ts";
import type { ServersOptions } from "../link/options.ts";
import type { CloseOptions, RegisterOptions, WorkerLimits } from "./options.ts";

/** As many as a timer or the protocol can carry. */
const positive = optional(whole(1, LONGEST_TIMER));

export const checkWorkerOptions = optionsCheck<keyof ServersOptions | keyof WorkerLimits | "codec">({
  ...COMMON_CHECKS,
  concurrency: positive,
  maxJobs: positive,
  heartbeat: positive,
});

export const checkRegisterOptions = optionsCheck<keyof RegisterOptions>({ timeout: positive, concurrency: positive });

export const checkCloseOptions = optionsCheck<keyof CloseOptions>({ timeout: optional(whole(0, LONGEST_TIMER)) });
