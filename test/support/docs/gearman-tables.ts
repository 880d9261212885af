import { EXIT_STATUS } from "../../../src/cli/gearman/exit-status.ts";
import { FLAGS } from "../../../src/cli/gearman/flags.ts";
import { DIFFERENCES } from "../../gearman/differences.ts";
import { markdownTable } from "./fill.ts";
import { flagTables } from "./flag-tables.ts";

/** The tables of docs/gearman.md. */
export const GEARMAN_TABLES: Readonly<Record<string, () => string>> = {
  "exit-status": () =>
    markdownTable(
      ["Status", "When"],
      Object.values(EXIT_STATUS).map(({ code, when }) => [`${code}`, when]),
    ),
  flags: () => flagTables(FLAGS, "C gearman", "###"),
  differences: () =>
    markdownTable(
      ["C gearman 1.1.20", "gearman-ts", "Why"],
      DIFFERENCES.map(({ gearman, ours, reason }) => [gearman, ours, reason]),
    ),
};
