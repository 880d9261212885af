import { type FlagTable, rowsOf } from "../flags/flag.ts";
import { parseHinting } from "../parse.ts";
import { FLAGS, type Values } from "./flags.ts";

export interface CommandLine {
  readonly values: Values;
  /** Words before `--`. */
  readonly words: readonly string[];
  /** What stands behind `--`, if it is there. */
  readonly command: readonly string[] | undefined;
}

/** Whether the token's flag takes the next token for its argument: `--host`, `-h`, `-vh`, but not `--host=a` or `-ha`. */
const takesNext = (table: FlagTable, token: string): boolean => {
  const rows = rowsOf(table);
  if (token.startsWith("--")) return table[token.slice(2)]?.argument !== undefined;
  if (!token.startsWith("-")) return false;
  const shorts = [...token.slice(1)].map((short) => rows.find(([, flag]) => flag.short === short)?.[1]);
  return shorts.findIndex((flag) => flag?.argument !== undefined) === shorts.length - 1 && shorts.length > 0;
};

/** Where the `--` is that ends the flags; a `--` may also be the argument of one. */
const endOfFlags = (tokens: readonly string[]): number => {
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (token === "--") return at;
    if (takesNext(FLAGS, token)) at += 1;
  }
  return tokens.length;
};

/** Throws UsageError. */
export const readCommandLine = (tokens: readonly string[]): CommandLine => {
  const end = endOfFlags(tokens);
  const { values, words } = parseHinting(FLAGS, tokens.slice(0, end));
  return { values, words, command: end < tokens.length ? tokens.slice(end + 1) : undefined };
};
