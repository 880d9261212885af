import { readFileSync } from "node:fs";

/** What is taken where the limit cannot be read. */
const USUAL = 1024;

/** How many file descriptors this process may have open: Node has raised the soft limit to the hard one at its start. */
export function fileLimit(): number {
  try {
    const match = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    return match?.[1] === undefined ? USUAL : Number(match[1]);
  } catch {
    return USUAL;
  }
}
