import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newestSource = (): number =>
  Math.max(
    ...readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => modified(join(entry.parentPath, entry.name))),
  );

/** Path of the program under test. Builds `dist/` when a source is newer: a stale build would make a test lie. */
export const builtProgram = (): string => {
  if (newestSource() > modified(join(root, "dist/cli/gearmand.js"))) {
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.json")], {
      stdio: "ignore",
    });
  }
  return join(root, "bin/gearmand-ts.js");
};
