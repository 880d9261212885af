import { printable } from "../../../lib/terminal-text.ts";
import { fromWire } from "../../../link/wire-text.ts";
import { type FunctionRow, secondsToEmpty } from "./rows.ts";

/** A column of the screen. */
export interface TopColumn {
  readonly title: string;
  /** The key that sorts by it. */
  readonly key: string;
  readonly side: "left" | "right";
  /** What it is sorted by; undefined: at the end. */
  readonly value: (row: FunctionRow) => string | number | undefined;
  readonly text: (row: FunctionRow) => string;
  /** The larger, the sooner it is left out on a narrow terminal. */
  readonly spare: number;
}

const rate = (value: number | undefined): string => {
  if (value === undefined) return "-";
  const digits = Math.abs(value) < 10 ? 1 : 0;
  const text = value.toFixed(digits);
  if (Number(text) === 0) return "0";
  return value > 0 ? `+${text}` : text;
};

const span = (seconds: number | undefined): string => {
  if (seconds === undefined) return "-";
  if (seconds < 90) return `${Math.ceil(seconds)}s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)}h` : `${Math.round(seconds / 86_400)}d`;
};

const number = (title: string, key: string, spare: number, value: (row: FunctionRow) => number): TopColumn => ({
  title,
  key,
  side: "right",
  value,
  text: (row) => String(value(row)),
  spare,
});

const words = (title: string, key: string, spare: number, value: (row: FunctionRow) => string): TopColumn => ({
  title,
  key,
  side: "left",
  value,
  text: (row) => printable(fromWire(value(row))),
  spare,
});

/** THE table of `top`'s columns, by the names that --sort takes. */
export const TOP_COLUMNS = {
  function: words("FUNCTION", "f", 0, ({ name }) => name),
  server: words("SERVER", "s", 3, ({ server }) => server),
  queued: number("QUEUED", "u", 0, ({ queued }) => queued),
  running: number("RUNNING", "r", 1, ({ running }) => running),
  workers: number("WORKERS", "w", 2, ({ workers }) => workers),
  net: { ...number("NET/S", "n", 4, ({ net }) => net ?? 0), value: ({ net }) => net, text: ({ net }) => rate(net) },
  minute: {
    ...number("NET/S 1MIN", "m", 6, ({ slow }) => slow ?? 0),
    value: ({ slow }) => slow,
    text: ({ slow }) => rate(slow),
  },
  empty: {
    ...number("EMPTY IN", "e", 5, () => 0),
    value: secondsToEmpty,
    text: (row) => span(secondsToEmpty(row)),
  },
} as const satisfies Record<string, TopColumn>;

export type SortName = keyof typeof TOP_COLUMNS;

export const SORT_NAMES = Object.keys(TOP_COLUMNS) as SortName[];

const compareValues = (a: string | number, b: string | number): number => {
  if (typeof a === "number" && typeof b === "number") return b - a;
  return a < b ? -1 : Number(a > b);
};

/** Numbers downwards, names upwards, what is not known last; rows that are alike by name. */
export const compareBy =
  (sort: SortName, reversed: boolean) =>
  (a: FunctionRow, b: FunctionRow): number => {
    const { value }: TopColumn = TOP_COLUMNS[sort];
    const [left, right] = [value(a), value(b)];
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
    } else if (left !== right) return compareValues(left, right) * (reversed ? -1 : 1);
    return compareValues(a.name, b.name) || compareValues(a.server, b.server);
  };
