import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;
const lock = join(root, "dist.lock");

/** After this long the owner of the lock is taken for dead, milliseconds. */
const LONGEST_BUILD = 60_000;

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const newestSource = (): number =>
  Math.max(
    ...readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => modified(join(entry.parentPath, entry.name))),
  );

const stale = (): boolean => newestSource() > modified(join(root, "dist/cli/gearmand.js"));

const build = (): void => {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  // A type error is for `npm run types` to tell: the files are written all the same.
  try {
    execFileSync(process.execPath, [compiler, "-p", join(root, "tsconfig.json")], { stdio: "ignore" });
  } catch {}
};

const claim = (): boolean => {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (Date.now() - modified(lock) > LONGEST_BUILD) rmSync(lock, { recursive: true, force: true });
    return false;
  }
};

/** One test process builds; the others wait, and don't start what is half written. */
const buildAlone = (): void => {
  while (stale()) {
    if (!claim()) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      continue;
    }
    if (stale()) build();
    rmSync(lock, { recursive: true, force: true });
    return;
  }
};

/** Path of a program under test. Builds `dist/` when a source is newer: a stale build would make a test lie. */
export const builtProgram = (name: "gearmand-ts" | "gearadmin-ts" | "gearman-ts" = "gearmand-ts"): string => {
  buildAlone();
  return join(root, `bin/${name}.js`);
};
