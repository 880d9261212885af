import { docsPath, flagsHelp, helpColumns, helpPage } from "../flags-help.ts";
import { FLAGS } from "./flags.ts";
import { PROGRAM } from "./program.ts";

const USAGE = "[flags]\n       gearadmin-ts top [flags]    a live view of the functions, until q";

/** `--help` */
export const helpText = (columns: number = helpColumns()): string =>
  helpPage(
    [
      flagsHelp(PROGRAM, USAGE, FLAGS, columns),
      "",
      "Exit status: 0, or 1 if anything went wrong at any server.",
      `More about each flag: ${docsPath("gearadmin.md")}`,
    ],
    columns,
  );
