import type { FlagTable } from "../flags/flag.ts";
import type { Bars } from "../gearman/bars.ts";
import type { Outlet } from "../gearman/outlet.ts";
import type { Ending } from "./exit-status.ts";

/** Where a command's output goes. */
export interface Screen {
  readonly outlet: Outlet;
  /** If stderr is a terminal. */
  readonly bars: Bars | undefined;
}

/** What `gearmand-ts store NAME` is and does. */
export interface Subcommand {
  /** The directories that it wants, as the help names them. */
  readonly directories: readonly string[];
  readonly summary: string;
  readonly flags: FlagTable;
  /** Rejects with what is to be said on stderr. */
  run(directories: readonly string[], values: Readonly<Record<string, unknown>>, screen: Screen): Promise<Ending>;
}

export const HELP = {
  help: { short: "h", group: "General", help: "Print this help and exit." },
} as const satisfies FlagTable;
export const JSON_FLAG = {
  json: { group: "Output", help: "One object of JSON, for programs." },
} as const satisfies FlagTable;
