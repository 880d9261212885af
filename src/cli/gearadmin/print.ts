/** What is printed of reports: C gearadmin's lines, tables for people, or JSON. Bytes as Latin-1 become text here. */
import { columnsOf, pad, printable } from "../../lib/terminal-text.ts";
import { fromWire } from "../../link/wire-text.ts";
import type { Answer, Report } from "./ask.ts";
import { type Cell, type Column, type Row, rowsOf } from "./tables.ts";

const heading = (server: string, index: number): string => `${index > 0 ? "\n" : ""}==> ${server} <==\n`;

/** The parts of several servers under their names, the part of one alone. */
const parts = (reports: readonly Report[], part: (report: Report) => string): string =>
  reports.map((report, index) => (reports.length > 1 ? heading(report.server, index) : "") + part(report)).join("");

/** Byte for byte what C gearadmin prints, as Latin-1. */
export const plainOutput = (reports: readonly Report[]): string =>
  parts(reports, ({ answers }) => answers.map(({ text }) => text).join(""));

const shown = (value: Cell): string => {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return printable(fromWire(typeof value === "object" ? value.join(" ") : String(value)));
};

const isNumber = (columns: readonly Column[], index: number): boolean => columns[index]?.type === "number";

const aligned = (columns: readonly Column[], rows: readonly Row[], bold: (text: string) => string): string => {
  const head = columns.map(({ name }) => name.toUpperCase());
  const body = rows.flatMap((row) => ("cells" in row ? [row.cells.map(shown)] : []));
  const widths = head.map((_, index) => Math.max(...[head, ...body].map((cells) => columnsOf(cells[index] ?? ""))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => pad(text, widths[index] ?? 0, isNumber(columns, index) ? "left" : "right"))
      .join("  ")
      .trimEnd();
  const lines = rows.map((row) => ("cells" in row ? line(row.cells.map(shown)) : printable(fromWire(row.unreadable))));
  return [bold(line(head)), ...lines, ""].join("\n");
};

const forPeople = ({ request, text }: Answer, bold: (text: string) => string): string => {
  const { columns } = request.operation;
  return columns === undefined
    ? `${printable(fromWire(text.trimEnd()))}\n`
    : aligned(columns, rowsOf(columns, text), bold);
};

/** Before a table, and after one. */
const gap = (answer: Answer, previous: Answer | undefined): string =>
  previous && (answer.request.operation.columns ?? previous.request.operation.columns) ? "\n" : "";

/** For people, on a terminal. */
export const terminalOutput = (reports: readonly Report[], colour: boolean): string => {
  const bold = (text: string): string => (colour ? `\x1b[1m${text}\x1b[22m` : text);
  const part = ({ answers }: Report): string =>
    answers.map((answer, index) => gap(answer, answers[index - 1]) + forPeople(answer, bold)).join("");
  return parts(reports, part);
};

const jsonCell = (value: Cell): unknown => {
  if (typeof value === "object") return value.map(fromWire);
  return typeof value === "string" ? fromWire(value) : value;
};

const jsonRow = (columns: readonly Column[], row: Row): unknown =>
  "cells" in row
    ? Object.fromEntries(columns.map(({ name }, index) => [name, jsonCell(row.cells[index] ?? "")]))
    : { unreadable: fromWire(row.unreadable) };

const jsonAnswer = ({ request: { name, operation }, text }: Answer): unknown => {
  const { columns } = operation;
  if (columns !== undefined) return rowsOf(columns, text).map((row) => jsonRow(columns, row));
  const value = fromWire(text.trimEnd());
  return name === "getpid" && /^\d+$/.test(value) ? Number(value) : value;
};

/** An array with an object for each server: its name, what was asked by the names of the flags, and what went wrong. */
export const jsonOutput = (reports: readonly Report[]): string => {
  const servers = reports.map(({ server, answers, problems }) => ({
    server,
    ...Object.fromEntries(answers.map((answer) => [answer.request.name, jsonAnswer(answer)])),
    ...(problems.length > 0 ? { errors: problems } : {}),
  }));
  return `${JSON.stringify(servers, undefined, 2)}\n`;
};
