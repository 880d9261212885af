const SEQUENCE = /\x1b\[(\d*)([A-Z])|\r|\n|[^\x1b\r\n]+/g;

/** What stands on a terminal after that output: cursor up, clear to the end, carriage returns and line ends are understood, nothing else is there. */
export function screenOf(output: string): string[] {
  const lines: string[] = [""];
  let [row, column] = [0, 0];
  for (const [text, count, command] of output.matchAll(SEQUENCE)) {
    if (text === "\r") column = 0;
    else if (text === "\n") lines[++row] ??= "";
    else if (command === "A") row -= Number(count);
    else if (command === "J") lines.splice(row, lines.length, (lines[row] ?? "").slice(0, column));
    else if (command !== undefined) throw new Error(`a sequence that bars have no use for: ${JSON.stringify(text)}`);
    else {
      const line = lines[row] ?? "";
      lines[row] = line.slice(0, column).padEnd(column) + text + line.slice(column + text.length);
      column += text.length;
    }
  }
  return lines;
}
