import type { ServerView } from "./rows.ts";
import type { View } from "./view.ts";

/** All that the screen is made from. */
export interface Model {
  readonly servers: readonly ServerView[];
  readonly view: View;
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Monotonic, milliseconds. */
  readonly now: number;
  /** The time of day, as it is shown. */
  readonly clock: string;
}

/** A line of the screen. */
export interface Line {
  readonly text: string;
  /** How it stands out; colour is for the screen to know. */
  readonly look?: "title" | "head" | "warning" | "bad" | "dim";
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}
