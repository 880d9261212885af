import { cpSync, statSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";
import type { JobRecord } from "../../src/core/job.ts";
import type { StoredDurability } from "../../src/store/durability.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { Starts } from "./starts.ts";
import { aRecord } from "./support.ts";

/** How often a store without room asks again, milliseconds. */
const ASK_AGAIN = 1000;

/** A data directory and the store that has it open; what it said of each job. */
export class Workshop extends Starts {
  path: string = this.folder.file("data");
  readonly durability: StoredDurability = "off";
  readonly said: string[] = [];
  #handles = 0;
  #starts = 0;

  copy(): void {
    const copy = this.folder.file(`data-${++this.#starts}`);
    cpSync(this.path, copy, { recursive: true });
    this.path = copy;
  }

  put(changes: Partial<JobRecord> = {}): JobRecord {
    const handle = `H:${++this.#handles}`;
    const job = aRecord({ handle, ...changes });
    this.store.put(job, (error) => this.said.push(`${handle} ${error?.kind ?? "stored"}`));
    return job;
  }

  /** Puts so many jobs, and waits until it is known what became of them, or that the store has failed. */
  async putAll(count: number, changes: Partial<JobRecord> = {}): Promise<JobRecord[]> {
    const jobs = Array.from({ length: count }, () => this.put(changes));
    await this.store.flush().catch(() => {});
    return jobs;
  }

  /** What was said since it was last asked. */
  take(): string[] {
    return this.said.splice(0);
  }

  /** The handles that are there after another start. */
  async kept(): Promise<string[]> {
    await this.reopen();
    return this.restored.map(({ handle }) => handle);
  }

  /** The second passes after which the store asks again, and it has asked. To be called under fake timers. */
  async askAgain(): Promise<void> {
    vi.advanceTimersByTime(ASK_AGAIN);
    await this.store.flush();
    await turn();
  }

  /** Bytes of a file of the directory; undefined: it is not there. */
  size(name: string): number | undefined {
    return statSync(`${this.path}/${name}`, { throwIfNoEntry: false })?.size;
  }

  make(): DurableStore {
    return new DurableStore({ kind: "directory", path: this.path }, this.durability, inlineThread);
  }
}

/** Timers and the clock stand still until they are told. */
export const stopClock = (): void => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
