import { builtProgram } from "../support/built.ts";
import type { Command } from "../support/interop-programs.ts";
import type { Server } from "../support/interop-servers.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

type Environment = Readonly<Record<string, string>>;

/** An example as docs/examples/README.md has it run, at a server; one process, so that signals reach it. */
export function example(name: string, server: Server, args: readonly string[] = [], env: Environment = {}): Command {
  builtProgram(); // what it imports is the built package
  return {
    file: process.execPath,
    args: ["--import", "tsx", `docs/examples/${name}.ts`, ...args],
    env: { GEARMAN_SERVERS: `${server.host}:${server.port}`, ...env },
    cwd: ROOT,
  };
}
