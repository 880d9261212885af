import { readConfigFile } from "./config-file.ts";
import { DEFAULT_CONFIG_FILE } from "./flags/general.ts";
import { FLAGS, type Values } from "./flags/table.ts";
import { parseTokens } from "./parse.ts";
import { complaining, complaintOf, UsageError } from "./usage-error.ts";

export interface Arguments {
  readonly values: Values;
  /** Those of the command line alone. */
  readonly line: Values;
  readonly configFile: string;
  /** What to warn of at start. */
  readonly warnings: readonly string[];
}

/** `-v` on the command line beats `--verbose` in the file. */
const withoutVerbosity = ({ verbose: _verbose, v: _v, ...rest }: Values): Values => rest;

const merge = (file: Values, line: Values): Values => ({
  ...((line.verbose ?? line.v) ? withoutVerbosity(file) : file),
  ...line,
});

/** Applies a rule to the flags. Throws UsageError that names the config file, unless the command line by itself breaks the rule. */
export const judge = <T>({ values, line, configFile }: Arguments, rule: (values: Values) => T): T =>
  complaining(
    () => rule(values),
    (complaint) => (complaintOf(() => rule(line)) === complaint ? "" : ` (in ${configFile})`),
  );

/** The flags of the command line and of the config file; the command line wins. */
export const readArguments = (tokens: readonly string[]): Arguments => {
  const line = parseTokens(FLAGS, tokens);
  if (line.words[0] !== undefined) throw new UsageError(`unrecognised option '${line.words[0]}'`);
  const path = line.values["config-file"] ?? DEFAULT_CONFIG_FILE;
  const file = readConfigFile(path);
  const warnings =
    file.words.length > 0 ? [`words in ${path} that are no flags are ignored: ${file.words.join(" ")}`] : [];
  return { values: merge(file.values, line.values), line: line.values, configFile: path, warnings };
};
