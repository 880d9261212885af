import type { Tools } from "../load/tools.ts";

/** What all measurements stand on. */
export interface Ground {
  readonly rounds: number;
  readonly tools: Tools;
  /** In the longest queue. */
  readonly jobs: number;
  /** In the largest crowd. */
  readonly connections: number;
}
