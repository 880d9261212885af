import { countRows } from "../../store/tools/dump.ts";
import { openView, type View } from "../../store/tools/view.ts";
import { counter } from "./drive.ts";
import type { Screen } from "./subcommand.ts";

/** A queue that is looked at, row by row. */
export interface Look {
  readonly directory: string;
  readonly view: View;
  /** Wall time, seconds. */
  readonly now: number;
  /** To be called for each row. */
  readonly step: () => void;
}

/** Opens the queue for as long as the work takes. Rejects with a StoreError that says what to do. */
export async function looking<T>(
  [directory = ""]: readonly string[],
  { bars }: Screen,
  work: (look: Look) => Promise<T>,
): Promise<T> {
  const view = openView(directory);
  try {
    const all = bars && view.format > 0 ? countRows(view.db) : 0;
    return await work({ directory, view, now: Date.now() / 1000, step: counter(bars, "jobs", all) });
  } finally {
    view.close();
  }
}
