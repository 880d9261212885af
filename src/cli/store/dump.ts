import { codeOf, SQLITE } from "../../store/sqlite/driver.ts";
import { StoreError } from "../../store/store-error.ts";
import { dump } from "../../store/tools/dump.ts";
import { type JobLine, type JobState, printedLine } from "../../store/tools/job-line.ts";
import { DamagedFile, emptyProblem, remedyFor } from "../../store/tools/view.ts";
import type { FlagTable } from "../flags/flag.ts";
import type { Outlet } from "../gearman/outlet.ts";
import { lineOf } from "../problems.ts";
import { PROGRAM } from "../program.ts";
import { drive } from "./drive.ts";
import type { Ending } from "./exit-status.ts";
import { type Look, looking } from "./look.ts";
import { counted } from "./print.ts";
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

/** The lines; throws a StoreError with the remedy if SQLite cannot read on. */
function* linesOf({ directory, view, now }: Look): Generator<JobLine> {
  try {
    yield* dump(view.db, now);
  } catch (error) {
    if (codeOf(error) === SQLITE.full) throw error; // it sorts on the disk
    const what = `${directory} is damaged, and not all of its jobs could be printed: ${lineOf(error)}`;
    throw new StoreError("open", `${what}; ${remedyFor(directory)}`, error);
  }
}

/** Returns how many rows are damaged. Whatever ends it, what was gathered is printed. */
async function print(look: Look, wanted: (state: JobState) => boolean, outlet: Outlet): Promise<number> {
  const lines = new Lines(outlet);
  let damaged = 0;
  const take = (line: JobLine): void | Promise<void> => {
    look.step();
    if (line.state === "damaged") damaged++;
    if (wanted(line.state)) return lines.add(printedLine(line));
  };
  await drive(linesOf(look), take).finally(() => lines.flush());
  return damaged;
}

/** Of a queue without tables. Throws a StoreError if it ought to have some. */
function nothing(directory: string): Ending {
  const problem = emptyProblem(directory);
  if (problem !== undefined) throw new DamagedFile("open", `${directory}: ${problem}`);
  return "sound";
}

export const DUMP: Subcommand = {
  directories: ["DIR"],
  summary: "Print the jobs as lines of JSON, in the order in which they stand in line.",
  flags: FLAGS,
  run: (directories, { dead }, screen) =>
    looking(directories, screen, async (look) => {
      const { directory, view } = look;
      if (view.format === 0) return nothing(directory);
      const damaged = await print(look, (state) => !dead || state === "dead", screen.outlet);
      if (damaged === 0) return "sound";
      await screen.outlet.complaint(`${PROGRAM}: ${counted(damaged, "row")} not whole; ${remedyFor(directory)}\n`);
      return "damaged";
    }),
};
