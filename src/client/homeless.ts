import { GearmanError } from "../link/errors.ts";
import type { Submission } from "./submission.ts";

/** Jobs for which no server is up. They wait so long, and no longer. */
export class Homeless {
  readonly #timeout: number;
  readonly #waiting: Map<Submission, NodeJS.Timeout> = new Map();

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  add(submission: Submission, why: () => string): void {
    const late = (): void => {
      this.#waiting.delete(submission);
      submission.fail(new GearmanError("NO_SERVER", `no server for a job of "${submission.function}": ${why()}`));
    };
    if (this.#timeout === 0) late();
    else this.#waiting.set(submission, setTimeout(late, this.#timeout));
  }

  takeAll(): Submission[] {
    const all = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    return all;
  }
}
