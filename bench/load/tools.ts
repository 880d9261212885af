/** The programs in C beside this file: a load that costs little, and what the disk can do. */
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const HERE = new URL(".", import.meta.url).pathname;
const SOURCES = {
  gearload: ["gearload.c", "connection.c"],
  crowd: ["crowd.c", "connection.c"],
  appends: ["appends.c"],
  floor: ["floor.c", "connection.c"],
} as const;

type Mode = "submit" | "drain" | "run" | "echo";

/** What a load did; latencies in microseconds. */
export interface Load {
  readonly jobs: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly most: number;
  /** Of the server for each job, where `-P` said which process that is, microseconds. */
  readonly cpu: number;
}

export class Tools {
  readonly #folder: string;

  /** @param folder where the built programs go */
  constructor(folder: string) {
    this.#folder = folder;
    for (const [name, sources] of Object.entries(SOURCES)) {
      const files = sources.map((source) => join(HERE, source));
      execFileSync("gcc", ["-O2", "-o", join(folder, name), ...files, "-lm"], { stdio: "inherit" });
    }
  }

  /** Where the built program is. */
  path(name: keyof typeof SOURCES): string {
    return join(this.#folder, name);
  }

  /** Background jobs, foreground jobs, or echoes. */
  load(mode: Mode, port: number, options: string): Promise<Load> {
    return this.#run(this.command(mode, port, options)) as Promise<Load>;
  }

  /** What {@link load} runs. */
  command(mode: Mode, port: number, options: string): string[] {
    return [this.path("gearload"), mode, "-p", String(port), ...options.split(" ")];
  }

  /** Pages of 4 KB, each synced. */
  appends(file: string, count: number): Promise<Pick<Load, "p50" | "p99">> {
    return this.#run([this.path("appends"), file, String(count)]) as Promise<Pick<Load, "p50" | "p99">>;
  }

  async #run([program = "", ...args]: readonly string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)(program, args);
    return JSON.parse(stdout);
  }
}
