import type { Job } from "../../src/core/job.ts";

type Operation =
  | { readonly kind: "put"; readonly job: Job }
  | { readonly kind: "remove" | "bury"; readonly handle: string };

/** A store whose commits are out until they are settled, for better or worse, in the order they were asked for. */
export class FakeStore {
  /** What is on disk. */
  readonly kept: Map<string, "kept" | "dead"> = new Map();
  #operations: Operation[] = [];
  #puts = 0;

  /** Commits that are out. */
  get outstanding(): number {
    return this.#puts;
  }

  /** Whether it is yet to be told that the job has ended. */
  willForget(handle: string): boolean {
    return this.#operations.some((operation) => operation.kind !== "put" && operation.handle === handle);
  }

  put(job: Job): void {
    this.#operations.push({ kind: "put", job });
    this.#puts++;
  }

  remove(handle: string): void {
    this.#operations.push({ kind: "remove", handle });
    this.#applyUntilPut();
  }

  bury(handle: string): void {
    this.#operations.push({ kind: "bury", handle });
    this.#applyUntilPut();
  }

  /** The oldest commit that is out succeeds or fails; whose it was. */
  settle(succeeds: boolean): Job | undefined {
    const operation = this.#operations.shift();
    if (operation?.kind !== "put") return undefined;
    this.#puts--;
    if (succeeds) this.kept.set(operation.job.handle, "kept");
    this.#applyUntilPut();
    return operation.job;
  }

  /** Operations apply in the order they came in. */
  #applyUntilPut(): void {
    for (let first = this.#operations[0]; first !== undefined && first.kind !== "put"; first = this.#operations[0]) {
      this.#operations.shift();
      if (first.kind === "remove") this.kept.delete(first.handle);
      else if (this.kept.has(first.handle)) this.kept.set(first.handle, "dead");
    }
  }
}
