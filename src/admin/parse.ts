/** More words than this close the connection, as in gearmand. */
const MAX_WORDS = 5;

/** The words of a line: parted by runs of spaces, an empty one at the end after a trailing space. Undefined: too many. */
export function parseLine(line: string): readonly string[] | undefined {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  // A leading space is an empty command, as in gearmand.
  const words = text.startsWith(" ") ? [""] : text.split(/ +/);
  return words.length > MAX_WORDS ? undefined : words.map(untilNul);
}

/** A word ends at a NUL, as in C. */
function untilNul(word: string): string {
  const end = word.indexOf("\0");
  return end < 0 ? word : word.slice(0, end);
}
