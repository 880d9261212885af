import { columnsOf, pad, printable } from "../../lib/terminal-text.ts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Bytes as people read them. */
export function sizeText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** Columns under each other: texts on the left, numbers on the right. No cell moves the cursor. */
export function aligned(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => printable(String(cell))));
  const widths = head.map((_, index) => Math.max(...cells.map((row) => columnsOf(row[index] ?? ""))));
  const side = head.map((_, index) => (rows.some((row) => typeof row[index] === "number") ? "left" : "right"));
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => pad(cell, widths[index] ?? 0, side[index])).join("  ");
  return cells.map((row) => `${line(row).trimEnd()}\n`).join("");
}
