import { performance } from "node:perf_hooks";

/** The machine's time, in milliseconds. */
export const systemClock = {
  monotonic: (): number => performance.now(),
  wall: (): number => Date.now(),
} as const;
