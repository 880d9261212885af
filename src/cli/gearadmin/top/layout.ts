/** From what is known to the lines of the screen: pure. */
import { columnsOf, cut, pad, printable } from "../../../lib/terminal-text.ts";
import { compareBy, SORT_NAMES, type SortName, TOP_COLUMNS, type TopColumn } from "./columns.ts";
import { type FunctionRow, functionRows, type ServerView } from "./rows.ts";
import type { View } from "./view.ts";

export interface Line {
  readonly text: string;
  /** How it stands out; colour is for the screen to know. */
  readonly look?: "title" | "head" | "good" | "warning" | "bad" | "dim";
}

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

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The function column shrinks to this before another column is left out. */
const LEAST_NAME = 12;
const GAP = "  ";

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const total = (rows: readonly FunctionRow[]): string => {
  const sum = (value: (row: FunctionRow) => number): number => rows.reduce((all, row) => all + value(row), 0);
  return `${plural(rows.length, "function")}, ${sum(({ queued }) => queued)} queued, ${sum(({ running }) => running)} running`;
};

/** A server that is silent is not down yet: its numbers are old, then. */
const silence = ({ history }: ServerView, { now, interval }: Model): string => {
  const age = now - (history[0]?.at ?? now);
  return age > 2 * interval + 1000 ? `, silent for ${Math.round(age / 1000)} s` : "";
};

const serverLine = (server: ServerView, model: Model): Line => {
  const name = printable(server.name);
  if (server.state === "connecting") return { text: `${name}  connecting`, look: "dim" };
  if (server.state === "down")
    return { text: `${name}  DOWN, tried again: ${printable(server.why ?? "")}`, look: "bad" };
  const silent = silence(server, model);
  const text = `${name}  up, ${total(functionRows([server], false))}${silent}`;
  return silent === "" ? { text } : { text, look: "warning" };
};

/** All servers, or as many as leave most of the screen to functions: those in trouble first, then. */
const serverLines = (model: Model, most: number): readonly Line[] => {
  const { servers } = model;
  if (servers.length <= most) return servers.map((server) => serverLine(server, model));
  const urgent = [...servers].sort((a, b) => Number(a.state === "up") - Number(b.state === "up"));
  const hidden = urgent.slice(most - 1);
  const down = hidden.filter(({ state }) => state !== "up").length;
  const rest = `and ${plural(hidden.length, "more server")}${down > 0 ? `, ${down} of them not up` : ", up"}`;
  return [...urgent.slice(0, most - 1).map((server) => serverLine(server, model)), { text: rest, look: "dim" }];
};

/** What waits with nobody to do it stands out; so does what grows. */
const lookOf = ({ queued, workers, slow }: FunctionRow): Pick<Line, "look"> => {
  if (queued > 0 && workers === 0) return { look: "bad" };
  return queued > 0 && slow !== undefined && slow > 0 ? { look: "warning" } : {};
};

const titleOf = (name: SortName, { sort, reversed }: View): string =>
  name === sort ? `${TOP_COLUMNS[name].title}${reversed ? "^" : "*"}` : TOP_COLUMNS[name].title;

interface Table {
  readonly names: readonly SortName[];
  readonly widths: ReadonlyMap<SortName, number>;
}

const needed = ({ names, widths }: Table): number =>
  names.reduce(
    (sum, name) => sum + (name === "function" ? LEAST_NAME : (widths.get(name) ?? 0)) + GAP.length,
    -GAP.length,
  );

/** Leaves columns out until the others fit; the name of the function gets what is left. */
const fitted = (table: Table, columns: number): Table => {
  const column = (name: SortName): TopColumn => TOP_COLUMNS[name];
  const spare = [...table.names].sort((a, b) => column(b).spare - column(a).spare)[0];
  if (needed(table) > columns && spare !== undefined && column(spare).spare > 0) {
    return fitted({ ...table, names: table.names.filter((name) => name !== spare) }, columns);
  }
  const room = columns - needed(table) + LEAST_NAME;
  const longest = table.widths.get("function") ?? LEAST_NAME;
  return { ...table, widths: new Map(table.widths).set("function", Math.max(0, Math.min(room, longest))) };
};

const measured = (rows: readonly FunctionRow[], view: View, several: boolean): Table => {
  const names = SORT_NAMES.filter((name) => name !== "server" || (several && !view.merged));
  const width = (name: SortName): number =>
    rows.reduce(
      (most, row) => Math.max(most, columnsOf(TOP_COLUMNS[name].text(row))),
      TOP_COLUMNS[name].title.length + 1,
    );
  return { names, widths: new Map(names.map((name) => [name, width(name)])) };
};

const tableLine = ({ names, widths }: Table, text: (name: SortName) => string): string =>
  names
    .map((name) =>
      pad(
        cut(text(name), widths.get(name) ?? 0),
        widths.get(name) ?? 0,
        TOP_COLUMNS[name].side === "right" ? "left" : "right",
      ),
    )
    .join(GAP);

const functionLines = ({ servers, view }: Model, size: Size): readonly Line[] => {
  const all = [...functionRows(servers, view.merged)].sort(compareBy(view.sort, view.reversed));
  const most = Math.max(0, size.rows - 1);
  const from = Math.min(view.offset, Math.max(0, all.length - most));
  const rows = all.slice(from, from + most);
  const table = fitted(measured(rows, view, servers.length > 1), size.columns);
  const head: Line = {
    text: pad(
      tableLine(table, (name) => titleOf(name, view)),
      size.columns,
    ),
    look: "head",
  };
  const line = (row: FunctionRow): Line => ({
    text: tableLine(table, (name) => TOP_COLUMNS[name].text(row)),
    ...lookOf(row),
  });
  return [head, ...rows.map(line)];
};

const sortKeys = SORT_NAMES.map((name) => `${TOP_COLUMNS[name].key} ${name}`).join(", ");

const KEYS_LINE = `q quit  v reverse  a all servers apart or together  up, down: scroll  sort: left, right, ${sortKeys}`;

const titleLine = ({ interval, clock, servers, view }: Model): Line => {
  const rows = functionRows(servers, view.merged);
  return { text: `gearadmin-ts top  ${clock}  every ${interval / 1000} s  ${total(rows)}`, look: "title" };
};

/** Never more lines than the screen has, nor longer ones. */
export const layout = (model: Model, size: Size): readonly Line[] => {
  const top = [titleLine(model), ...serverLines(model, Math.max(1, Math.floor(size.rows / 3))), { text: "" }];
  const body = functionLines(model, { ...size, rows: Math.max(1, size.rows - top.length - 1) });
  const lines: Line[] = [...top, ...body].slice(0, size.rows - 1);
  const blank = Array.from({ length: Math.max(0, size.rows - 1 - lines.length) }, (): Line => ({ text: "" }));
  return [...lines, ...blank, { text: KEYS_LINE, look: "dim" as const }].map((line) => ({
    ...line,
    text: cut(line.text, size.columns),
  }));
};

/** All of it as plain text, for `--once`: as wide as it is, every function, no keys. */
export const plainLayout = (model: Model): string => {
  const wide = { columns: 1000, rows: Number.MAX_SAFE_INTEGER };
  const lines = [...serverLines(model, Number.MAX_SAFE_INTEGER), { text: "" }, ...functionLines(model, wide)];
  return lines.map(({ text }) => `${text.trimEnd()}\n`).join("");
};
