/** On what it was measured. */
import { execFileSync } from "node:child_process";
import { cpus, release } from "node:os";
import { REFERENCE } from "../../test/support/reference.ts";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly kernel: string;
  readonly nodes: readonly string[];
  readonly gearmand: string;
}

const version = (program: string): string => execFileSync(program, ["--version"], { encoding: "utf8" }).trim();

/** @param newer another Node that was measured */
export const machine = (newer: string | undefined): Machine => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  kernel: release(),
  nodes: [process.version, ...(newer === undefined ? [] : [version(newer)])],
  gearmand: version(REFERENCE).split("\n")[0] ?? "",
});
