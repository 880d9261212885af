import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ExpectedJob } from "./jobs.ts";

/** What is kept of a data directory. */
export const DATABASE_FILES = ["jobs.sqlite", "jobs.sqlite-wal"];

const root = fileURLToPath(new URL(".", import.meta.url));

/** All directories, as `v1/killed`. */
export const GOLDEN: readonly string[] = readdirSync(root)
  .filter((name) => /^v\d+$/.test(name))
  .flatMap((version) => readdirSync(join(root, version)).map((name) => `${version}/${name}`));

/** Of the database and its log, and of what is expected. */
export function digestOf(directory: string): string {
  const hash = createHash("sha256");
  for (const name of [...DATABASE_FILES, "expected.jsonl"]) {
    const path = join(directory, name);
    hash.update(`${name} ${existsSync(path)}\n`);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

export const pathOf = (name: string): string => join(root, name);

export const expectedOf = (name: string): ExpectedJob[] =>
  readFileSync(join(pathOf(name), "expected.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** A data directory to work on. */
export function copyOf(name: string, target: string): string {
  mkdirSync(target);
  for (const file of DATABASE_FILES) {
    if (!existsSync(join(pathOf(name), file))) continue;
    copyFileSync(join(pathOf(name), file), join(target, file));
    chmodSync(join(target, file), 0o600);
  }
  return target;
}
