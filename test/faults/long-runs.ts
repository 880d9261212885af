import { fills, flips, slow } from "./disk-runs.ts";
import type { LongRun } from "./long-run.ts";
import { noRoom, points, syncErrors } from "./struck-runs.ts";

/** By what `run.ts` is told. */
export const LONG_RUNS = {
  points,
  "sync-errors": syncErrors,
  "no-room": noRoom,
  fills,
  slow,
  flips: flips("here"),
  "daemon-flips": flips("daemon"),
} satisfies Record<string, LongRun>;
