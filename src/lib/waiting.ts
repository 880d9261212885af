/** The longest that setTimeout can wait, milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A promise that is settled from outside. */
export interface Settleable {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

export function settleable(): Settleable {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Settles with the event, or after so many milliseconds. */
export async function orAfter(milliseconds: number, event: Promise<void>): Promise<void> {
  const { promise, resolve } = settleable();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([event, promise]);
  clearTimeout(timer);
}

/** Conditions that somebody waits for. */
export class Conditions {
  readonly #checks: Set<() => void> = new Set();

  /** Settles as soon as it holds, now or when `check` is called. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    const { promise, resolve } = settleable();
    const check = (): void => {
      if (!holds()) return;
      this.#checks.delete(check);
      resolve();
    };
    this.#checks.add(check);
    return promise;
  }

  /** Something has changed. */
  check(): void {
    for (const check of this.#checks) check();
  }
}
