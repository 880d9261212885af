import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { VERSION } from "../lib/version.ts";
import { type Flag, type FlagTable, rowsOf } from "./flags/flag.ts";
import { commanderOption } from "./parse.ts";

/** Longer lines are hard to read; a pipe gets what fits on any terminal. */
const [MOST_COLUMNS, PIPE_COLUMNS] = [100, 80];

/** The width of the help. A terminal that does not know its size says 0. */
export const helpColumns = (): number => Math.min(MOST_COLUMNS, process.stdout.columns || PIPE_COLUMNS);

const shown = (name: string, flag: Flag) => {
  const option = commanderOption(name, flag);
  if (flag.default !== undefined) option.description += ` (${flag.default})`;
  return option;
};

/** The usage line and the flags that people use, by group; no line end at its end. */
export const flagsHelp = (program: string, usage: string, table: FlagTable, columns: number): string => {
  const command = new Command(program).usage(usage).helpOption(false);
  command.configureHelp({ helpWidth: columns });
  for (const [name, flag] of rowsOf(table)) command.addOption(shown(name, flag));
  return command.helpInformation().trimEnd();
};

/** Where what is carried over begins: under the last column of the line, or a little behind its own beginning. */
const hanging = (line: string, columns: number): string => {
  const [column = ""] = /^.*\S {2,}(?=\S)/.exec(line) ?? [];
  const [margin = ""] = /^ */.exec(line) ?? [];
  return " ".repeat(column !== "" && column.length < columns / 2 ? column.length : margin.length + 2);
};

/** A line at its spaces in as many as it needs; a longer word keeps together. */
const fold = (line: string, columns: number): string => {
  const folded = [""];
  for (const word of line.match(/\s*\S+/g) ?? []) {
    const last = folded.at(-1) ?? "";
    if (last === "" || last.length + word.length <= columns) folded[folded.length - 1] = last + word;
    else folded.push(hanging(line, columns) + word.trimStart());
  }
  return folded.join("\n");
};

/** The lines of a help, none of them wider than that, with a line end at its end. */
export const helpPage = (lines: readonly string[], columns: number): string =>
  `${lines.flatMap((text) => text.split("\n").map((line) => fold(line, columns))).join("\n")}\n`;

/** Where a page of docs/ is: the package brings them along. */
export const docsPath = (page: string): string => fileURLToPath(new URL(`../../docs/${page}`, import.meta.url));

/** `--version` */
export const versionText = (program: string): string => `${program} ${VERSION}\n`;
