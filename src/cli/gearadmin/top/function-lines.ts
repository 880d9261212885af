import { columnsOf, cut, pad } from "../../../lib/terminal-text.ts";
import { compareBy, SORT_NAMES, type SortName, TOP_COLUMNS, type TopColumn } from "./columns.ts";
import type { Line, Model, Size } from "./model.ts";
import { type FunctionRow, functionRows } from "./rows.ts";
import type { View } from "./view.ts";

/** The function column shrinks to this before another column is left out. */
const LEAST_NAME = 12;
const GAP = "  ";

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

/** The heading, and as many functions as there is room for. */
export const functionLines = ({ servers, view }: Model, size: Size): readonly Line[] => {
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
