/** From what is known to the lines of the screen: pure. */
import { cut } from "../../../lib/terminal-text.ts";
import { SORT_NAMES, TOP_COLUMNS } from "./columns.ts";
import { functionLines } from "./function-lines.ts";
import type { Line, Model, Size } from "./model.ts";
import { serverLines, totals } from "./server-lines.ts";

const columnKeys = SORT_NAMES.map((name) => `${TOP_COLUMNS[name].key} ${name}`).join(", ");
const bareKeys = SORT_NAMES.map((name) => TOP_COLUMNS[name].key).join(" ");

/** The longest that fits is shown. */
const KEYS_LINES = [
  `q quit  <- -> sort  v reverse  a servers apart  space look now  sort by: ${columnKeys}`,
  `q quit  <- -> sort  v reverse  a apart  space look now  sort by ${bareKeys}`,
  "q quit  <- -> sort  v reverse",
] as const;

const keysLine = (columns: number): string => KEYS_LINES.find(({ length }) => length <= columns) ?? "q quit";

const titleLine = ({ interval, clock, servers }: Model): Line => ({
  text: `gearadmin-ts top  ${clock}  every ${interval / 1000} s  ${totals(servers)}`,
  look: "title",
});

/** Never more lines than the screen has, nor longer ones. */
export const layout = (model: Model, size: Size): readonly Line[] => {
  const top = [titleLine(model), ...serverLines(model, Math.max(1, Math.floor(size.rows / 3))), { text: "" }];
  const body = functionLines(model, { ...size, rows: Math.max(1, size.rows - top.length - 1) });
  const lines: Line[] = [...top, ...body].slice(0, size.rows - 1);
  const blank = Array.from({ length: Math.max(0, size.rows - 1 - lines.length) }, (): Line => ({ text: "" }));
  return [...lines, ...blank, { text: keysLine(size.columns), look: "dim" as const }].map((line) => ({
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
