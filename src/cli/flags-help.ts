import { Command } from "commander";
import { VERSION } from "../lib/version.ts";
import { type Flag, type FlagTable, rowsOf } from "./flags/flag.ts";
import { commanderOption } from "./parse.ts";

export const HELP_COLUMNS = 100;

const shown = (name: string, flag: Flag) => {
  const option = commanderOption(name, flag);
  if (flag.default !== undefined) option.description += ` (${flag.default})`;
  return option;
};

/** The usage line and the flags that people use, by group; no line end at its end. */
export const flagsHelp = (program: string, usage: string, table: FlagTable): string => {
  const command = new Command(program).usage(usage).helpOption(false);
  command.configureHelp({ helpWidth: HELP_COLUMNS });
  for (const [name, flag] of rowsOf(table)) command.addOption(shown(name, flag));
  return command.helpInformation().trimEnd();
};

/** `--version`, in gearmand's form. */
export const versionText = (program: string): string => `\n${program} ${VERSION}\n`;
