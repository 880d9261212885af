import { LONGEST_TIMER } from "../lib/waiting.ts";
import { GearmanError } from "../link/errors.ts";
import type { Submission } from "./submission.ts";

/** Why no server is up. */
export interface Troubles {
  readonly message: string;
  /** The only error, or all of them. */
  readonly cause: unknown;
}

/** Jobs for which no server is up. They wait so long, and no longer. */
export class Homeless {
  readonly #timeout: number;
  readonly #waiting: Map<Submission, NodeJS.Timeout | undefined> = new Map();

  /** @param timeout milliseconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  add(submission: Submission, why: () => Troubles): void {
    const late = (): void => {
      const { message, cause } = why();
      submission.fail(
        new GearmanError("NO_SERVER", `no server for a job of "${submission.function}": ${message}`, { cause }),
      );
    };
    if (this.#timeout === 0) return late();
    this.#waiting.set(submission, this.#timeout > LONGEST_TIMER ? undefined : setTimeout(late, this.#timeout));
    submission.whenSettled(() => this.#remove(submission));
  }

  takeAll(): Submission[] {
    const all = [...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    return all;
  }

  #remove(submission: Submission): void {
    clearTimeout(this.#waiting.get(submission));
    this.#waiting.delete(submission);
  }
}
