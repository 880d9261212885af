import { readFileSync } from "node:fs";
import { DEFAULT_CONFIG_FILE } from "./flags/general.ts";
import { FLAGS } from "./flags/table.ts";
import { type Parsed, parseTokens } from "./parse.ts";
import { complaining, complaintOf, UsageError } from "./usage-error.ts";

/** gearmand's separators, in a line and of lines: a tab is part of a word. */
const SPACES = / +/;
const LINE_END = /\r\n|[\r\n]/;

/** The text of the system's error, without the call and the path behind the comma. */
const reasonOf = (error: unknown): string => String(error instanceof Error ? error.message : error).replace(/,.*/, "");

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (path === DEFAULT_CONFIG_FILE) return "";
    throw new UsageError(`Could not open configuration file. (${path}: ${reasonOf(error)})`);
  }
};

type Flags = Parsed<typeof FLAGS>;

const parse = (lines: readonly string[]): Flags => {
  const tokens = lines.flatMap((line) => line.split(SPACES));
  return parseTokens(
    FLAGS,
    tokens.filter((token) => token !== ""),
  );
};

/** The number of the line that is complained of: the last one without which those before it are not. */
const lineOf = (lines: readonly string[], complaint: string): number => {
  let count = lines.length;
  while (complaintOf(() => parse(lines.slice(0, count - 1))) === complaint) count--;
  return count;
};

/** `PARAMS="--listen=localhost"` is for a shell: who writes it believes that the flag counts. */
const refuseQuotedFlag = (path: string, lines: readonly string[], words: readonly string[]): void => {
  const word = words.find((word) => /--[a-z]/i.test(word));
  if (word === undefined) return;
  const line = lines.findIndex((line) => line.split(SPACES).includes(word)) + 1;
  throw new UsageError(`'${word}' is no flag: write flags alone, without quotes (in ${path}, line ${line})`);
};

/** The flags in a config file: command-line tokens without quoting. Throws UsageError that names the file and the line. */
export const readConfigFile = (path: string): Flags => {
  const lines = read(path).split(LINE_END);
  const flags = complaining(
    () => parse(lines),
    (complaint) => ` (in ${path}, line ${lineOf(lines, complaint)})`,
  );
  refuseQuotedFlag(path, lines, flags.words);
  return flags;
};
