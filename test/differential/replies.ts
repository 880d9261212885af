import type { RuleId } from "./rules.ts";
import type { Event, Spoken } from "./script.ts";

/** What both servers sent on one connection after one step. */
export interface Replies {
  readonly on: number;
  readonly reference: readonly Event[];
  readonly ours: readonly Event[];
}

/** What brought them about. */
export interface Cause {
  /** Who sent something, or was closed. */
  readonly by: number;
  readonly messages: readonly Spoken[];
  readonly closed: boolean;
}

/** Notes that a difference of the list was seen. */
export type Explain = (id: RuleId) => void;

export const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
