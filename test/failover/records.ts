/** What a job is, and so what is promised for it. */
export const JOB_KINDS = ["result", "once", "streamed", "background"] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** A line in the ledger. */
export type JobRecord =
  | { readonly what: "submitted"; readonly id: string; readonly kind: JobKind }
  /** A worker began it; each time has a number of its own. */
  | { readonly what: "run"; readonly id: string; readonly run: string }
  | {
      readonly what: "outcome";
      readonly id: string;
      /** `result`, `acknowledged`, or the code of the error. */
      readonly outcome: string;
      /** Which run the result came from. */
      readonly run: string;
      /** Which runs the data came from that the caller saw. */
      readonly seen: readonly string[];
      readonly attempts: number;
      /** Milliseconds from submit to outcome. */
      readonly took: number;
    };
