/** The longest that setTimeout can wait, milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A promise that is settled from outside. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Settles with the event, or after so many milliseconds. */
export async function orAfter(milliseconds: number, event: Promise<void>): Promise<void> {
  const { promise, resolve } = deferred<void>();
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
    const { promise, resolve } = deferred<void>();
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
