import { COMMANDS } from "./commands.ts";
import type { Flag } from "./flags/flag.ts";
import { FLAG_LIST, FLAGS } from "./flags/table.ts";
import { docsPath, flagsHelp, helpColumns, helpPage } from "./flags-help.ts";
import { PROGRAM } from "./program.ts";

/** Names of the flags for which `choose` holds. */
const names = (title: string, choose: (flag: Flag) => unknown): string =>
  [title, ...FLAG_LIST.filter(([, flag]) => choose(flag)).map(([name]) => `--${name}`)].join(" ");

/** `--help`: the flags people use, by group, and the names of the others. */
export const helpText = (columns: number = helpColumns()): string =>
  helpPage(
    [
      flagsHelp(PROGRAM, "[flags]", FLAGS, columns),
      "",
      `Commands, each with a --help of its own: ${COMMANDS.map(({ name }) => `${PROGRAM} ${name}`).join(", ")}`,
      names("With -q libsqlite3:", ({ group, rare, refused }) => group === "Queue types" && rare && !refused),
      names("Limits:", ({ group }) => group === "Limits"),
      names("Accepted without effect:", ({ ignored }) => ignored),
      "Refused: --protocol, and queue types other than builtin, memory and libsqlite3, with their settings",
      `More about each: ${docsPath("flags.md")}`,
    ],
    columns,
  );
