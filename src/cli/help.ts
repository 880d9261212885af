import { Command } from "commander";
import { VERSION } from "../lib/version.ts";
import type { Flag } from "./flags/flag.ts";
import { FLAG_LIST, type FlagName } from "./flags/table.ts";
import { commanderOption } from "./parse.ts";
import { PROGRAM } from "./program.ts";

const COLUMNS = 100;

/** Names of the flags for which `choose` holds, folded to the width of the help. */
const names = (title: string, choose: (flag: Flag) => unknown): string => {
  const chosen = FLAG_LIST.filter(([, flag]) => choose(flag)).map(([name]) => `--${name}`);
  const lines = [title];
  for (const name of chosen) {
    const last = lines.at(-1) ?? "";
    if (last.length + 1 + name.length <= COLUMNS) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(`  ${name}`);
  }
  return lines.join("\n");
};

const shown = (name: FlagName, flag: Flag) => {
  const option = commanderOption(name, flag);
  if (flag.default !== undefined) option.description += ` (${flag.default})`;
  return option;
};

/** `--help`: the flags people use, by group, and the names of the others. */
export const helpText = (): string => {
  const command = new Command(PROGRAM).usage("[flags]").helpOption(false);
  command.configureHelp({ helpWidth: COLUMNS });
  for (const [name, flag] of FLAG_LIST) command.addOption(shown(name, flag));
  return [
    command.helpInformation().trimEnd(),
    "",
    names("Limits:", ({ group }) => group === "Limits"),
    names("Accepted without effect:", ({ ignored }) => ignored),
    "Refused, not built yet: --protocol, and the settings of queue types that store jobs",
    "More about each: docs/flags.md\n",
  ].join("\n");
};

/** `--version`, in gearmand's form. */
export const versionText = (): string => `\n${PROGRAM} ${VERSION}\n`;
