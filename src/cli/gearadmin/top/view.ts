import { SORT_NAMES, type SortName, TOP_COLUMNS } from "./columns.ts";

/** What the person at the keys has chosen. */
export interface View {
  readonly sort: SortName;
  readonly reversed: boolean;
  /** One row for a function, whatever servers have it. */
  readonly merged: boolean;
  /** Rows above the first that is shown. */
  readonly offset: number;
}

/** What a key asks for. */
export type Act = View | "quit" | "suspend" | "look" | "nothing";

export const CTRL_C = "\x03";
const CTRL_Z = "\x1a";

const KEYS = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/gu;

/** The keys in what a terminal sent. */
export const keysIn = (input: string): readonly string[] => input.match(KEYS) ?? [];

const PAGE = 10;

/** How far a key scrolls. */
const SCROLLS: Readonly<Record<string, number>> = {
  "\x1b[A": -1,
  "\x1b[B": 1,
  "\x1bOA": -1,
  "\x1bOB": 1,
  k: -1,
  j: 1,
  "\x1b[5~": -PAGE,
  "\x1b[6~": PAGE,
};

/** Which way a key moves the sorting. */
const SIDEWAYS: Readonly<Record<string, number>> = {
  "\x1b[D": -1,
  "\x1b[C": 1,
  "\x1bOD": -1,
  "\x1bOC": 1,
  "<": -1,
  ">": 1,
};

const sorted = (view: View, sort: SortName): View =>
  sort === view.sort ? { ...view, reversed: !view.reversed } : { ...view, sort, reversed: false, offset: 0 };

const beside = (view: View, step: number): View => {
  const names = SORT_NAMES.filter((name) => name !== "server" || !view.merged);
  const at = Math.min(Math.max(0, names.indexOf(view.sort) + step), names.length - 1);
  return { ...view, sort: names[at] ?? view.sort, reversed: false, offset: 0 };
};

/** What a key does; `rows` is how many there are to scroll through. */
export const press = (view: View, key: string, rows: number): Act => {
  if (key === "q" || key === "Q" || key === CTRL_C) return "quit";
  if (key === CTRL_Z) return "suspend";
  if (key === " ") return "look";
  if (key === "a") return { ...view, merged: !view.merged, offset: 0 };
  if (key === "v") return { ...view, reversed: !view.reversed };
  const [scroll, sideways] = [SCROLLS[key], SIDEWAYS[key]];
  if (scroll !== undefined) return { ...view, offset: Math.max(0, Math.min(view.offset + scroll, rows - 1)) };
  if (sideways !== undefined) return beside(view, sideways);
  const sort = SORT_NAMES.find((name) => TOP_COLUMNS[name].key === key);
  return sort === undefined ? "nothing" : sorted(view, sort);
};
