import { flag, is, optional, text } from "../lib/check.ts";
import { COMMON_CHECKS, number, oneOf, optionsCheck } from "../link/check-options.ts";
import type { ServersOptions } from "../link/options.ts";
import { CHOICES, type ClientSettings, PRIORITIES, type SubmitOptions } from "./options.ts";

export const checkClientOptions = optionsCheck<keyof ServersOptions | keyof ClientSettings | "codec">({
  ...COMMON_CHECKS,
  choose: optional(oneOf(CHOICES)),
  exceptions: optional(flag),
  serverTimeout: optional(number),
  ackTimeout: optional(number),
});

export const checkSubmitOptions = optionsCheck<keyof SubmitOptions>({
  priority: optional(oneOf(PRIORITIES)),
  unique: optional(text),
  background: optional(flag),
  at: optional(is("a Date", (value) => value instanceof Date)),
  reducer: optional(text),
  signal: optional(is("an AbortSignal", (value) => value instanceof AbortSignal)),
  timeout: optional(number),
  resubmit: optional(flag),
});
