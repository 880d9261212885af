import { docsPath, flagsHelp, helpColumns, helpPage } from "../flags-help.ts";
import { EXIT_STATUS } from "./exit-status.ts";
import { FLAGS } from "./flags.ts";
import { PROGRAM } from "./program.ts";

const USAGE = `-f NAME [flags] [WORKLOAD...]
           a client: a job for each, or one of all input
       gearman-ts -f NAME [flags] -- COMMAND...
           a worker that runs COMMAND for each job
       gearman-ts -w -f NAME [flags] [COMMAND...]
           a worker; without COMMAND it prints the jobs`;

const endings = (): string[] =>
  Object.values(EXIT_STATUS).map(({ code, when }) => `  ${String(code).padStart(3)}  ${when}`);

/** `-H` */
export const helpText = (columns: number = helpColumns()): string =>
  helpPage(
    [
      flagsHelp(PROGRAM, USAGE, FLAGS, columns),
      "",
      "Exit status:",
      ...endings(),
      "",
      `More about each: ${docsPath("gearman.md")}`,
    ],
    columns,
  );
