import { readFileSync } from "node:fs";
import { DEFAULT_CONFIG_FILE } from "./flags/general.ts";
import { FLAGS } from "./flags/table.ts";
import { type Parsed, parseTokens } from "./parse.ts";
import { UsageError } from "./usage-error.ts";

/** gearmand's separators: a tab is part of a word. */
const SEPARATORS = /[ \r\n]+/;

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    if (path === DEFAULT_CONFIG_FILE) return "";
    throw new UsageError("Could not open configuration file.");
  }
};

/** The flags in a config file: command-line tokens without quoting. */
export const readConfigFile = (path: string): Parsed<typeof FLAGS> =>
  parseTokens(
    FLAGS,
    read(path)
      .split(SEPARATORS)
      .filter((token) => token !== ""),
  );
