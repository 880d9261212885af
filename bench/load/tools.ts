/** The programs in C beside this file: a load that costs little, and what the disk can do. */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail } from "../fail.ts";

const HERE = new URL(".", import.meta.url).pathname;
const SOURCES = {
  gearload: ["gearload.c", "connection.c", "plain.c"],
  "gearload-tls": ["gearload.c", "connection.c", "tls.c"],
  crowd: ["crowd.c", "connection.c", "plain.c"],
  appends: ["appends.c"],
  floor: ["floor.c", "connection.c", "plain.c"],
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
  readonly #load: "gearload" | "gearload-tls";
  readonly #timeout: number;

  /**
   * @param folder where the built programs go
   * @param load over TCP, or over TLS, which wants libssl-dev
   * @param timeout after which a program is ended, milliseconds; 0 for never
   */
  constructor(folder: string, load: "gearload" | "gearload-tls" = "gearload", timeout = 0) {
    this.#folder = folder;
    this.#load = load;
    this.#timeout = timeout;
    for (const name of [load, "crowd", "appends", "floor"] as const) {
      const files = SOURCES[name].map((source) => join(HERE, source));
      const libraries = name === "gearload-tls" ? ["-lssl", "-lcrypto"] : [];
      const args = ["-O2", "-o", join(folder, name), ...files, "-lm", ...libraries];
      if (spawnSync("gcc", args, { stdio: "inherit" }).status !== 0)
        fail(1, `gcc cannot build ${name}: apt-get install libc6-dev${libraries.length > 0 ? " libssl-dev" : ""}`);
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
    return [this.path(this.#load), mode, "-p", String(port), ...options.split(" ")];
  }

  /** Pages of 4 KB, each synced. */
  appends(file: string, count: number): Promise<Pick<Load, "p50" | "p99">> {
    return this.#run([this.path("appends"), file, String(count)]) as Promise<Pick<Load, "p50" | "p99">>;
  }

  async #run([program = "", ...args]: readonly string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)(program, args, { timeout: this.#timeout });
    return JSON.parse(stdout);
  }
}
