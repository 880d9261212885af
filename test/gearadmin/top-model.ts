import type { Model } from "../../src/cli/gearadmin/top/model.ts";
import type { ServerView } from "../../src/cli/gearadmin/top/rows.ts";
import type { Counts, Snapshot } from "../../src/cli/gearadmin/top/snapshots.ts";
import type { View } from "../../src/cli/gearadmin/top/view.ts";

type Numbers = readonly [total: number, running: number, workers: number];

const counts = ([total, running, workers]: Numbers): Counts => ({ total, running, workers });

/** A look at that second. */
export const look = (second: number, functions: Readonly<Record<string, Numbers>>): Snapshot => ({
  at: second * 1000,
  functions: new Map(Object.entries(functions).map(([name, numbers]) => [name, counts(numbers)])),
});

/** A server that is up, with its looks, the newest first. */
export const up = (name: string, ...history: readonly Snapshot[]): ServerView => ({ name, state: "up", history });

export const VIEW: View = { sort: "queued", reversed: false, merged: true, offset: 0 };

/** At second 10. */
export const model = (servers: readonly ServerView[], view: Partial<View> = {}): Model => ({
  servers,
  view: { ...VIEW, ...view },
  interval: 2000,
  now: 10_000,
  clock: "12:34:56",
});
