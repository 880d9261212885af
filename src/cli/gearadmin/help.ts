import { flagsHelp } from "../flags-help.ts";
import { FLAGS } from "./flags.ts";
import { PROGRAM } from "./program.ts";

/** `--help` */
export const helpText = (): string =>
  [
    flagsHelp(PROGRAM, "[flags]\n       gearadmin-ts top [flags]    a live view of the functions, until q", FLAGS),
    "",
    "Exit status: 0, or 1 if anything went wrong at any server. More about each flag: docs/gearadmin.md\n",
  ].join("\n");
