/** The text protocol's tables as rows of cells. */

/** A column, as it is headed on a terminal and named in JSON. */
export interface Column {
  readonly name: string;
  /** Text if it is not said; flags are 0 or 1. */
  readonly type?: "number" | "flag" | "list";
}

const text = (name: string): Column => ({ name });
const number = (name: string): Column => ({ name, type: "number" });
const flag = (name: string): Column => ({ name, type: "flag" });

export const STATUS = [text("function"), number("total"), number("running"), number("workers")] as const;
export const PRIORITY_STATUS = [
  text("function"),
  number("high"),
  number("normal"),
  number("low"),
  number("workers"),
] as const;
export const WORKERS = [
  number("connection"),
  text("address"),
  text("id"),
  { name: "functions", type: "list" },
] as const satisfies readonly Column[];
export const JOBS = [text("handle"), number("retries"), flag("ignored"), flag("background")] as const;
export const UNIQUE_JOBS = [text("unique")] as const;
export const STORE = [text("figure"), text("value")] as const;

export type Cell = string | number | boolean | readonly string[];

/** A row of a table, or a line that is none. Text is bytes as Latin-1. */
export type Row = { readonly cells: readonly Cell[] } | { readonly unreadable: string };

const cell = ({ type }: Column, value: string): Cell => {
  if (type === "number") return Number(value);
  return type === "flag" ? value !== "0" : value;
};

/** Nothing escapes a tab in a name of gearmand's: the numbers are counted from the right. */
const tabbed = (columns: readonly Column[], line: string): Row => {
  const parts = line.split("\t");
  const extra = parts.length - columns.length;
  const values = [parts.slice(0, extra + 1).join("\t"), ...parts.slice(extra + 1)];
  const fits = ({ type }: Column, value: string): boolean => type === undefined || /^-?\d+$/.test(value);
  const readable = extra >= 0 && columns.every((column, index) => fits(column, values[index] ?? ""));
  return readable ? { cells: columns.map((column, index) => cell(column, values[index] ?? "")) } : { unreadable: line };
};

/** `FD ADDRESS ID : F1 F2`; an id may hold spaces. */
const connection = (line: string): Row => {
  const [match, number, address = "", id = "", functions = ""] = /^(\d+) (\S+) (.*?) :(?: (.*))?$/.exec(line) ?? [];
  if (match === undefined) return { unreadable: line };
  return { cells: [Number(number), address, id, functions.split(" ").filter((name) => name !== "")] };
};

/** The rows of a table's reply, without the dot that ends it. */
export const rowsOf = (columns: readonly Column[], reply: string): readonly Row[] => {
  const read = columns === WORKERS ? connection : (line: string) => tabbed(columns, line);
  return reply.split(/\r?\n/).slice(0, -2).map(read);
};
