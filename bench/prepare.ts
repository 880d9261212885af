/** What every bench does before it builds or starts anything. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { installed } from "../test/support/program.ts";
import { REFERENCE } from "../test/support/reference.ts";
import { fail } from "./fail.ts";

/** Of Debian, with the programs that benches need. */
const PACKAGES = {
  gcc: "gcc libc6-dev",
  openssl: "openssl libssl-dev",
  stunnel: "stunnel4",
  "redis-server": "redis-server",
  gearman: "gearman-tools",
  perf: "linux-perf",
  [REFERENCE]: "gearman-job-server",
} as const;

/**
 * Ends the bench where a program is missing. All temporary files go into one folder; it goes, and all servers end, when the bench does,
 * however it does.
 *
 * @param paths of programs, by the flags that say them
 */
export function prepare(
  programs: readonly (keyof typeof PACKAGES)[],
  paths: Readonly<Record<string, string | undefined>> = {},
): void {
  const missing = programs.filter((program) => !installed(program));
  if (missing.length > 0)
    fail(1, `${missing.join(", ")} missing: apt-get install ${missing.map((program) => PACKAGES[program]).join(" ")}`);
  for (const [flag, path] of Object.entries(paths))
    if (path !== undefined && !installed(path)) fail(1, `--${flag}: there is no program at ${path}`);
  const folder = mkdtempSync(join(tmpdir(), "gearmand-ts-bench-"));
  process.env["TMPDIR"] = folder;
  process.once("exit", () => clear(folder));
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const)
    process.prependOnceListener(signal, () => process.exit(128 + constants.signals[signal]));
}

/** Whoever started them: the kernel knows the children. One that is just ending may still write. */
function clear(folder: string): void {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "latin1").split(" ").filter(Boolean);
  for (const child of children) kill(Number(child));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has just ended
  }
}
