import { type Counts, type History, netRate, queuedOf, slowRate } from "./snapshots.ts";

/** A server as `top` sees it. */
export interface ServerView {
  readonly name: string;
  readonly state: "connecting" | "up" | "down";
  /** Why it is down. */
  readonly why?: string;
  /** Empty unless it is up: what a dead server last said is no longer so. */
  readonly history: History;
}

/** A function, at one server or at all. */
export interface FunctionRow extends Counts {
  readonly name: string;
  readonly server: string;
  readonly queued: number;
  /** Jobs per second that came minus those that went, since the last look and over a minute; undefined: not known yet. */
  readonly net: number | undefined;
  readonly slow: number | undefined;
}

const rowsOfServer = ({ name: server, history }: ServerView): readonly FunctionRow[] =>
  Array.from(history[0]?.functions ?? [], ([name, counts]) => ({
    name,
    server,
    ...counts,
    queued: queuedOf(counts),
    net: netRate(name, history),
    slow: slowRate(name, history),
  }));

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);

const add = (a: FunctionRow, b: FunctionRow): FunctionRow => ({
  name: a.name,
  server: "",
  total: a.total + b.total,
  queued: a.queued + b.queued,
  running: a.running + b.running,
  workers: a.workers + b.workers,
  net: sum(a.net, b.net),
  slow: sum(a.slow, b.slow),
});

const merge = (rows: readonly FunctionRow[]): readonly FunctionRow[] => {
  const merged = new Map<string, FunctionRow>();
  for (const row of rows) {
    const other = merged.get(row.name);
    merged.set(row.name, other === undefined ? row : add(other, row));
  }
  return [...merged.values()];
};

/** The functions of all servers: one row each, or one for each server that has it. */
export const functionRows = (servers: readonly ServerView[], merged: boolean): readonly FunctionRow[] => {
  const rows = servers.flatMap(rowsOfServer);
  return merged ? merge(rows) : rows;
};

/** Seconds until it has no jobs left, if it goes on as in the last minute; undefined if it does not shrink. */
export const secondsToEmpty = ({ total, slow }: FunctionRow): number | undefined =>
  total > 0 && slow !== undefined && slow < 0 ? total / -slow : undefined;
