/** What successive `status` tables of a server say: pure, times are given. */

export interface Counts {
  readonly total: number;
  readonly running: number;
  readonly workers: number;
}

/** The jobs that wait. */
export const queuedOf = ({ total, running }: Counts): number => Math.max(0, total - running);

/** One look at a server: its functions by name, bytes as Latin-1. */
export interface Snapshot {
  /** Monotonic, milliseconds. */
  readonly at: number;
  readonly functions: ReadonlyMap<string, Counts>;
}

/** How far back the slow rate looks, and how far apart the looks are that are kept for it, milliseconds. */
const WINDOW = 60_000;
const SPACING = 5000;

/** The looks that are kept, the newest first: the last two, and for the minute before them one in five seconds. */
export type History = readonly Snapshot[];

/** The history with a new look. */
export const remember = (history: History, now: Snapshot): History => {
  const [last, ...older] = history;
  if (last === undefined) return [now];
  const [previous] = older;
  const crowded = previous !== undefined && older[1] !== undefined && last.at - older[1].at < SPACING;
  const kept = [last, ...(crowded ? older.slice(1) : older)];
  return [now, ...kept.filter(({ at }, index) => index === 0 || now.at - at <= WINDOW)];
};

/** Jobs per second by which a function's total grew (or, below 0, shrank) since that look; undefined without one. */
const growth = (name: string, now: Snapshot | undefined, then: Snapshot | undefined): number | undefined => {
  if (now === undefined || then === undefined || now.at <= then.at) return undefined;
  const total = (snapshot: Snapshot): number => snapshot.functions.get(name)?.total ?? 0;
  return ((total(now) - total(then)) * 1000) / (now.at - then.at);
};

/** Since the last look. */
export const netRate = (name: string, history: History): number | undefined => growth(name, history[0], history[1]);

/** Since the oldest look of the last minute. */
export const slowRate = (name: string, history: History): number | undefined =>
  history.length > 1 ? growth(name, history[0], history.at(-1)) : undefined;
