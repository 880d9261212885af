import { DEFAULT_TABLE } from "../../server/options.ts";
import type { FlagTable, ValuesOf } from "../flags/flag.ts";
import { JOB_FLAGS } from "../flags/jobs.ts";
import { directory, file, name } from "../flags/parsers.ts";

/** The flags of `gearmand-ts import`. */
export const FLAGS = {
  "libsqlite3-db": { argument: "FILE", parse: file, group: "From", help: "gearmand's SQLite file." },
  "libsqlite3-table": {
    argument: "TABLE",
    parse: name,
    default: DEFAULT_TABLE,
    group: "From",
    help: "The table in it.",
  },
  "data-dir": { argument: "DIR", parse: directory, group: "To", help: "The data directory; it is made if need be." },
  "job-handle-prefix": {
    ...JOB_FLAGS["job-handle-prefix"],
    group: "To",
    help: "The jobs get new handles, TEXT:N.",
  },
  "dry-run": { group: "How", help: "Say what would be imported, and change nothing." },
  delete: { group: "How", help: "Remove from FILE what was imported, once DIR has it." },
  json: { group: "How", help: "One object of JSON, for programs." },
  help: { short: "h", group: "How", help: "Print this help and exit." },
} as const satisfies FlagTable;

export type Values = ValuesOf<typeof FLAGS>;
