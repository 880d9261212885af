import { fstatSync, readFileSync } from "node:fs";
import { isatty } from "node:tty";
import type { Payload } from "../../link/payload.ts";
import { fileSlice } from "./file-slice.ts";
import type { Lines } from "./plan.ts";
import { spool } from "./spool.ts";

const STDIN = 0;

/** Where others have read the file to, as the shell's `read` in `{ read -r line; gearman-ts -f f; } < file`. Node has no lseek: Linux says it in /proc. */
const offset = (): number | undefined => {
  try {
    const [, position] = /^pos:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${STDIN}`, "latin1")) ?? [];
    return position === undefined ? undefined : Number(position);
  } catch {
    return undefined;
  }
};

/** Who sits before a terminal that is read should know. */
export const tellWhoTypes = (lines: Lines, complain: (message: string) => void): void => {
  const what =
    lines === "whole" ? "the workload; Ctrl-D ends it, -s sends none" : "lines, a job for each; Ctrl-D ends them";
  if (isatty(STDIN)) complain(`reading ${what}`);
};

/** The input as it comes. Throws for a directory, which Node would read as nothing. */
export const input = (): AsyncIterable<Uint8Array> => {
  if (fstatSync(STDIN).isDirectory()) throw new Error("the input is a directory: give a file");
  return process.stdin;
};

/** A regular file is read while it is sent; what has no size is read first. */
export const wholeInput = async (): Promise<Payload> => {
  const stat = fstatSync(STDIN);
  const start = offset();
  if (!stat.isFile() || start === undefined || stat.size === 0) return (await spool(input())).payload;
  const size = stat.size - start;
  return size > 0 ? fileSlice({ fd: STDIN }, start, size) : Buffer.alloc(0);
};
