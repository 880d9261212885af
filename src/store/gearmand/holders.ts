import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Another process that has the file open, as far as we may see: gearmand locks its file only while it writes, so no lock tells of it.
 * LINUX: elsewhere there is no /proc, and nobody is found.
 */
export function holderOf(file: string, proc = "/proc"): string | undefined {
  const wanted = statSync(file, { throwIfNoEntry: false });
  if (wanted === undefined) return undefined;
  const isIt = (open: string): boolean => {
    // Only what may be the file is looked at: a dead network disk would hold us up.
    if (!basename(readlinkSync(open)).startsWith(basename(file))) return false;
    const { dev, ino } = statSync(open);
    return dev === wanted.dev && ino === wanted.ino;
  };
  const others = list(proc).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const holder = others.find((pid) => opened(join(proc, pid, "fd")).some((open) => orFalse(() => isIt(open))));
  return holder === undefined ? undefined : `${nameOf(join(proc, holder, "comm"))} (process ${holder})`;
}

const opened = (directory: string): string[] => list(directory).map((name) => join(directory, name));

/** A process may have ended meanwhile, or be another user's. */
function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function orFalse(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

const nameOf = (file: string): string => readFileSync(file, "utf8").trim();
