/**
 * What a store could not do, sorted by what happens next:
 *
 * - `row`: that job alone is refused.
 * - `space`: new jobs are refused until there is room again.
 * - `open`: the server does not start; the message says what to do.
 * - `fatal`: nothing is acknowledged any more, and the server ends.
 */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: "row" | "space" | "open" | "fatal";

  constructor(kind: StoreError["kind"], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
