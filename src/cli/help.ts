import type { Flag } from "./flags/flag.ts";
import { FLAG_LIST, FLAGS } from "./flags/table.ts";
import { flagsHelp, HELP_COLUMNS } from "./flags-help.ts";
import { PROGRAM } from "./program.ts";

/** Names of the flags for which `choose` holds, folded to the width of the help. */
const names = (title: string, choose: (flag: Flag) => unknown): string => {
  const chosen = FLAG_LIST.filter(([, flag]) => choose(flag)).map(([name]) => `--${name}`);
  const lines = [title];
  for (const name of chosen) {
    const last = lines.at(-1) ?? "";
    if (last.length + 1 + name.length <= HELP_COLUMNS) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(`  ${name}`);
  }
  return lines.join("\n");
};

/** `--help`: the flags people use, by group, and the names of the others. */
export const helpText = (): string =>
  [
    flagsHelp(PROGRAM, "[flags]", FLAGS),
    "",
    names("Limits:", ({ group }) => group === "Limits"),
    names("Accepted without effect:", ({ ignored }) => ignored),
    "Refused, not built yet: --protocol, and the settings of queue types that store jobs",
    "More about each: docs/flags.md\n",
  ].join("\n");
