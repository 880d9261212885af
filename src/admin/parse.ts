import { untilNul } from "../lib/c-text.ts";

/** More words than this close the connection, as in gearmand. */
const MAX_WORDS = 5;

/** The words of a line: parted by runs of spaces, an empty one at the end after a trailing space. Undefined: too many. */
export function parseLine(line: string): readonly string[] | undefined {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  // A leading space makes an empty first word, so no known command, as in gearmand; a word ends at a NUL, as in C.
  const words = text.split(/ +/);
  return words.length > MAX_WORDS ? undefined : words.map(untilNul);
}
