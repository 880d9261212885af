import { countRows, dump } from "../../store/tools/dump.ts";
import { type JobLine, type JobState, printedLine } from "../../store/tools/job-line.ts";
import { openView } from "../../store/tools/view.ts";
import type { FlagTable } from "../flags/flag.ts";
import type { Outlet } from "../gearman/outlet.ts";
import { counter, drive } from "./drive.ts";
import type { Ending } from "./exit-status.ts";
import type { Subcommand } from "./subcommand.ts";

/** Characters that are written at once. */
const PIECE = 64 * 1024;

const FLAGS = {
  dead: { group: "Output", help: "Only the jobs whose retries are spent." },
} as const satisfies FlagTable;

/** Gathers lines; whoever adds one waits for the reader, if there are enough to be written. */
class Lines {
  readonly #outlet: Outlet;
  #lines = "";

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  add(line: string): void | Promise<void> {
    this.#lines += line;
    if (this.#lines.length > PIECE) return this.flush();
  }

  flush(): Promise<void> {
    const piece = this.#lines;
    this.#lines = "";
    return this.#outlet.data(piece);
  }
}

export const DUMP: Subcommand = {
  directories: ["DIR"],
  summary: "Print the jobs as lines of JSON, in the order in which they stand in line.",
  flags: FLAGS,
  run: async (directories, { dead }, { outlet, bars }) => {
    const [directory = ""] = directories;
    const view = openView(directory);
    let ending: Ending = "sound";
    const lines = new Lines(outlet);
    const wanted = (state: JobState): boolean => !dead || state === "dead";
    try {
      if (view.format === 0) return ending;
      const step = counter(bars, "jobs", bars ? countRows(view.db) : 0);
      const take = (line: JobLine): void | Promise<void> => {
        step();
        if (line.state === "damaged") ending = "damaged";
        if (wanted(line.state)) return lines.add(printedLine(line));
      };
      await drive(dump(view.db, Date.now() / 1000), take);
      await lines.flush();
      return ending;
    } finally {
      view.close();
    }
  },
};
