import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, renameSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Command } from "./interop-programs.ts";

const clients = new URL("../interop/clients/", import.meta.url).pathname;
const compiled = new URL("../../.tmp/interop/", import.meta.url).pathname;

/**
 * A client library, used unmodified by two small programs in test/interop/clients that speak one line protocol
 * (words parted by tabs, bytes in hex behind `x:`):
 *
 * - `worker HOST PORT PREFIX [OPTION=VALUE]...` registers the functions below as PREFIX-reverse and so on, says `ready`, then
 *   `job FUNCTION HANDLE UNIQUE WORKLOAD` for each job that it gets. A line on its standard input ends a held job.
 * - `client HOST PORT` reads requests `OP FUNCTION UNIQUE WORKLOAD EXTRA` and answers each with its events and `end ok` or `end PROBLEM`.
 *   Operations: `normal`, `high`, `low` (wait for the result); the same with `-background`; `add-*` (a task called EXTRA) and `run`;
 *   `option exceptions`; `status HANDLE`; `echo`; and what only one library has.
 *
 * The functions: `reverse` the bytes; `events`: data `some`, warning `careful`, status 1/2, result `rest`; `fail`; `exception` boom;
 * `hold`: status 3/10, then waits for a line; `hold-timeout`: the same, registered with a timeout of a second; `leave`: unregisters `reverse`.
 */
export interface Library {
  readonly name: string;
  readonly installed: boolean;
  client(): Command;
  worker(): Command;
}

const works = (file: string, ...args: string[]): boolean => spawnSync(file, args, { stdio: "ignore" }).status === 0;

function resolves(module: string): boolean {
  try {
    return createRequire(import.meta.url).resolve(module) !== "";
  } catch {
    return false;
  }
}

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Compiles a C program when its source is newer; two test files may do so at once. */
function compile(name: string): Command {
  const source = join(clients, `${name}.c`);
  const program = join(compiled, name);
  if (Math.max(modified(source), modified(join(clients, "lines.h"))) > modified(program)) {
    mkdirSync(compiled, { recursive: true });
    const fresh = `${program}.${process.pid}`;
    execFileSync("gcc", ["-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O1", "-o", fresh, source, "-lgearman"]);
    renameSync(fresh, program);
  }
  return { file: program, args: [] };
}

const script = (file: string, name: string): Command => ({ file, args: [join(clients, name)] });

const compiles = (): boolean =>
  spawnSync("gcc", ["-fsyntax-only", "-xc", "-"], { input: "#include <libgearman/gearman.h>\n" }).status === 0;

export const libgearman: Library = {
  name: "libgearman",
  installed: compiles(),
  client: () => compile("libgearman-client"),
  worker: () => compile("libgearman-worker"),
};

export const php: Library = {
  name: "PHP",
  installed: works("php", "-r", "exit(extension_loaded('gearman') ? 0 : 1);"),
  client: () => script("php", "php-client.php"),
  worker: () => script("php", "php-worker.php"),
};

export const perl: Library = {
  name: "Perl",
  installed: works("perl", "-MGearman::Client", "-MGearman::Worker", "-e", "1"),
  client: () => script("perl", "perl-client.pl"),
  worker: () => script("perl", "perl-worker.pl"),
};

export const gearmanode: Library = {
  name: "gearmanode",
  installed: resolves("gearmanode"),
  client: () => script(process.execPath, "gearmanode-client.cjs"),
  worker: () => script(process.execPath, "gearmanode-worker.cjs"),
};

export const abraxas: Library = {
  name: "abraxas",
  installed: resolves("abraxas"),
  client: () => script(process.execPath, "abraxas-client.cjs"),
  worker: () => script(process.execPath, "abraxas-worker.cjs"),
};

export const libraries: readonly Library[] = [libgearman, php, perl, gearmanode, abraxas];

/** The command line tool of C gearmand; and gearadmin. */
export const gearmanInstalled = works("gearman", "-H");
export const gearadminInstalled = works("gearadmin", "--help");
