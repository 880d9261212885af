import { createHash } from "node:crypto";
import type { JobSpecRecord } from "../../core/job.ts";
import { asBuffer } from "../../lib/bytes.ts";

/** Jobs that are the same for a client: with one function and unique or, where the unique names none, with one function and workload. */
export class Twins {
  readonly #keys: Set<string> = new Set();

  add(job: JobSpecRecord): void {
    this.#keys.add(keyOf(job));
  }

  has(job: JobSpecRecord): boolean {
    return this.#keys.has(keyOf(job));
  }
}

/** No name has a NUL in it. */
function keyOf({ function: fn, unique, workload }: JobSpecRecord): string {
  if (unique !== "" && unique !== "-") return `${fn}\0${unique}`;
  return `${fn}\0${unique}\0${createHash("sha256").update(asBuffer(workload)).digest("base64")}`;
}
