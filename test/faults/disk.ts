import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import type { Folder } from "../support/folder.ts";
import { installed } from "../support/program.ts";

/** Why there is no such disk here; undefined: there is. */
export const whyNoDisk = (): string | undefined => (installed("gcc") ? undefined : "gcc is not installed");

/** A disk that does as it is told: what is preloaded into the daemon looks for files that tell it. */
export class ToldDisk {
  readonly env: Readonly<Record<string, string>>;
  readonly #stuck: string;
  readonly #short: string;

  constructor(folder: Folder, dir: string) {
    const library = folder.file("disk.so");
    const source = new URL("disk.c", import.meta.url).pathname;
    const { status, stderr } = spawnSync("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
    if (status !== 0) throw new Error(String(stderr));
    this.#stuck = folder.file("stuck");
    this.#short = folder.file("short");
    this.env = { LD_PRELOAD: library, DISK: dir, DISK_STUCK: this.#stuck, DISK_SHORT: this.#short };
  }

  /** Syncs that begin from now on wait. */
  stick(): void {
    writeFileSync(this.#stuck, "");
  }

  /** Writes from now on are cut short, and then find no room. */
  cutShort(): void {
    writeFileSync(this.#short, "");
  }

  /** All is well again. */
  heal(): void {
    for (const file of [this.#stuck, this.#short]) rmSync(file, { force: true });
  }
}
