/** `gearmand-ts store`: what an operator does with a data directory that no server uses. */
import { codeOf as databaseCode, SQLITE } from "../../store/sqlite/driver.ts";
import { DamagedFile } from "../../store/tools/view.ts";
import { docsPath, flagsHelp, helpColumns, helpPage } from "../flags-help.ts";
import { terminalBars } from "../gearman/bars.ts";
import { Outlet } from "../gearman/outlet.ts";
import { parseHinting } from "../parse.ts";
import { codeOf, lineOf, withHint } from "../problems.ts";
import { PROGRAM } from "../program.ts";
import { UsageError } from "../usage-error.ts";
import { CHECK } from "./check.ts";
import { DUMP } from "./dump.ts";
import { type Ending, EXIT_STATUS } from "./exit-status.ts";
import { SALVAGE } from "./salvage.ts";
import { HELP, type Screen, type Subcommand } from "./subcommand.ts";

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { check: CHECK, dump: DUMP, salvage: SALVAGE };

const usageOf = (name: string, { directories }: Subcommand): string => [name, ...directories].join(" ");

const endings = (): string[] => Object.values(EXIT_STATUS).map(({ code, when }) => `  ${code}  ${when}`);
const ending = (): string[] => ["", "Exit status:", ...endings(), "", `More: ${docsPath("durability.md")}`];

/** `gearmand-ts store --help` */
export const helpText = (columns: number = helpColumns()): string => {
  const lines = Object.entries(SUBCOMMANDS).map(([name, sub]) => [usageOf(name, sub), sub.summary] as const);
  const width = Math.max(...lines.map(([usage]) => usage.length));
  const list = lines.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`);
  const head = [
    `Usage: ${PROGRAM} store COMMAND DIR`,
    "",
    "Of a data directory that no server uses just now:",
    ...list,
  ];
  return helpPage([...head, "", "Each has a --help of its own.", ...ending()], columns);
};

const subcommandHelp = (name: string, sub: Subcommand, columns: number = helpColumns()): string => {
  const usage = `${sub.directories.join(" ")} [flags]`;
  const flags = flagsHelp(`${PROGRAM} store ${name}`, usage, { ...sub.flags, ...HELP }, columns);
  return helpPage([flags, "", sub.summary, ...ending()], columns);
};

const subcommandOf = (name: string | undefined): Subcommand => {
  const sub = Object.hasOwn(SUBCOMMANDS, name ?? "") ? SUBCOMMANDS[name ?? ""] : undefined;
  if (sub !== undefined) return sub;
  const said = name === undefined ? "it is not said what to do" : `'${name}' is none of its commands`;
  throw new UsageError(`store: ${said}: ${Object.keys(SUBCOMMANDS).join(", ")}; --help tells more`);
};

const perform = async ([name = "", ...tokens]: readonly string[], screen: Screen): Promise<Ending> => {
  const sub = subcommandOf(name === "" ? undefined : name);
  const { values, words } = parseHinting({ ...sub.flags, ...HELP }, tokens);
  if (values["help"]) return screen.outlet.data(subcommandHelp(name, sub)).then(() => "sound");
  if (words.length !== sub.directories.length)
    throw new UsageError(
      `store ${name} wants ${sub.directories.join(" and ")}: ${PROGRAM} store ${usageOf(name, sub)}`,
    );
  return sub.run(words, values, screen);
};

const run = (tokens: readonly string[], screen: Screen): Promise<Ending> =>
  tokens[0] === "--help" || tokens[0] === "-h"
    ? screen.outlet.data(helpText()).then(() => "sound")
    : perform(tokens, screen);

const isFull = (error: unknown): boolean => codeOf(error) === "ENOSPC" || databaseCode(error) === SQLITE.full;

/** Who reads the output has read enough, or something went wrong. */
const endingOf = (error: unknown): Ending => {
  if (codeOf(error) === "EPIPE") return "sound";
  process.stderr.write(`${PROGRAM}: ${withHint(lineOf(error), isFull(error) ? "make room and try again" : "")}\n`);
  return error instanceof DamagedFile ? "damaged" : "failed";
};

/** Resolves with the exit status. */
export const runStore = async (tokens: readonly string[]): Promise<number> => {
  // SQLite may be busy for long without a look at what the signals' listeners would be told: they end the program as they do others.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(signal);
  process.stdout.on("error", () => {}); // who writes is told
  const bars = terminalBars();
  try {
    return EXIT_STATUS[await run(tokens, { outlet: new Outlet(bars), bars }).finally(() => bars?.close())].code;
  } catch (error) {
    return EXIT_STATUS[endingOf(error)].code;
  }
};
