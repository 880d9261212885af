import { spawnSync } from "node:child_process";
import { fileLimit } from "../lib/file-limit.ts";
import { UsageError } from "./usage-error.ts";

const failure = (reason: string): UsageError =>
  new UsageError(
    `Failed to set limit for the number of file descriptors.  Try running as root or giving a smaller value to -f. (${reason})`,
  );

/** The soft limit alone where that is enough: only root may raise the hard one, and nobody gets it back once lowered. */
const prlimit = (limits: string): string | undefined => {
  const { error, status, stderr } = spawnSync("prlimit", ["--pid", String(process.pid), `--nofile=${limits}`], {
    encoding: "utf8",
  });
  if (error)
    return "the program prlimit of util-linux is not installed; ulimit -n, LimitNOFILE= or docker --ulimit do the same";
  return status === 0 ? undefined : stderr.trim();
};

/** Node has no setrlimit: util-linux's prlimit sets our own limit, and /proc says whether it did. */
export const setFileLimit = (files: number): void => {
  if (files === 0 || files === fileLimit()) return;
  const problem = prlimit(`${files}:`) && prlimit(`${files}:${files}`);
  if (problem) throw failure(problem);
  if (files !== fileLimit()) throw failure(`the limit is ${fileLimit()} still`);
};
