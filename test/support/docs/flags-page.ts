import { FLAGS } from "../../../src/cli/flags/table.ts";
import { LEVELS } from "../../../src/cli/log-levels.ts";
import { flagTables } from "./flag-tables.ts";

const levels = (): string =>
  [
    "## Log levels\n",
    "What `--verbose` shows. Lines about start and stop are always shown.\n",
    "| Level of gearmand | Shows in the log from |",
    "|---|---|",
    ...Object.entries(LEVELS).map(([name, level]) => `| ${name} | \`${level}\` |`),
    "",
  ].join("\n");

const INTRODUCTION = `# Flags

<!-- Made from src/cli/flags by \`npm run docs\`; don't edit. -->

All flags of gearmand 1.1.20 and 2.0 are here, with gearmand's short forms, defaults and error texts, behind which stands what is expected. No abbreviations;
a flag given twice is an error. A wrong flag: \`gearmand-ts: message\` on stderr, exit 1. Sizes are bytes, or with K, M, G; times are milliseconds, or with s.
`;

/** docs/flags.md */
export const flagsPage = (): string => [INTRODUCTION, flagTables(FLAGS, "gearmand"), levels()].join("\n");
