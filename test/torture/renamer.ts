import { keyOf, lookOf } from "./job.ts";
import type { Likeness, Submitted, TortureRecord } from "./records.ts";

/**
 * gearmand gives each job a new handle when it reads its queue, and begins at 1 again. This gives each job one for all its lives, as far
 * as it can be known by its looks, so that the judge can follow it.
 */
export class Renamer {
  readonly #submits: Map<number, Submitted> = new Map();
  /** Of this daemon: its handle to ours. */
  readonly #names: Map<string, string> = new Map();
  readonly #byLook: Map<string, Set<string>> = new Map();
  readonly #byKey: Map<string, string> = new Map();
  readonly #ended: Set<string> = new Set();
  #last = 0;

  rename(record: TortureRecord): TortureRecord {
    if (record.what === "life") this.#names.clear();
    if (record.what === "submitted") this.#submits.set(record.id, record);
    if (record.what === "acknowledged") return { ...record, handle: this.#acknowledged(record.id, record.handle) };
    if (record.what === "assigned") return { ...record, handle: this.#assigned(record.handle, record) };
    if (record.what === "completed") return { ...record, handle: this.#completed(record.handle) };
    return record;
  }

  /** It may have joined a job of an earlier daemon. */
  #acknowledged(id: number, handle: string): string {
    const submit = this.#submits.get(id);
    if (submit === undefined) return handle;
    this.#submits.delete(id);
    const key = keyOf(submit);
    const known = this.#names.get(handle) ?? (key && this.#byKey.get(key));
    const name = this.#named(handle, known === undefined || this.#ended.has(known) ? undefined : known);
    if (key !== undefined) this.#byKey.set(key, name);
    this.#byLook.set(lookOf(submit), (this.#byLook.get(lookOf(submit)) ?? new Set()).add(name));
    return name;
  }

  /** Of jobs that look alike, one that has not come to an end is the likelier. */
  #assigned(handle: string, likeness: Likeness): string {
    const alike = [...(this.#byLook.get(lookOf(likeness)) ?? [])];
    return this.#named(handle, this.#names.get(handle) ?? alike.find((name) => !this.#ended.has(name)) ?? alike.at(-1));
  }

  #completed(handle: string): string {
    const name = this.#named(handle, this.#names.get(handle));
    this.#ended.add(name);
    return name;
  }

  #named(handle: string, known: string | undefined): string {
    const name = known ?? `${handle}:${++this.#last}`;
    this.#names.set(handle, name);
    return name;
  }
}
