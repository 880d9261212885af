/**
 * gearmand's levels, and the least pino level that each one shows.
 * ERROR, the default, shows warnings too: what is a warning here (a peer cut off, a limit reached) gearmand logs as an error.
 */
export const LEVELS = {
  FATAL: "fatal",
  ALERT: "fatal",
  CRITICAL: "error",
  ERROR: "warn",
  WARNING: "warn",
  NOTICE: "info",
  INFO: "info",
  DEBUG: "trace",
} as const;

export type LevelName = keyof typeof LEVELS;

export const LEVEL_NAMES = Object.keys(LEVELS) as LevelName[];
