import type { RuleId } from "./rules.ts";

/** What a differential run has done. */
export interface Tally {
  scripts: number;
  steps: number;
  /** Packets and texts that came back from gearmand and were compared. */
  replies: number;
  /** The same by kind of packet. */
  readonly kinds: Map<string, number>;
  /** Rows of the tables that are compared after every step. */
  rows: number;
  /** Differences that were seen and are on the list: scripts in which they showed. */
  readonly explained: Map<RuleId, number>;
  /** Messages that were not sent because the servers would part ways there, by the id of the difference. */
  readonly avoided: Map<RuleId, number>;
  /** Times that a server was started anew because a script left something behind. */
  restarts: number;
  /** Scripts that ended the reference: not compared to their end. */
  endedReference: number;
  /** Scripts that took so long that timeouts may have struck: not compared to their end. */
  slow: number;
  /** Scripts that differed once and not again: timing. */
  unsteady: number;
}

export const newTally = (): Tally => ({
  scripts: 0,
  steps: 0,
  replies: 0,
  kinds: new Map(),
  rows: 0,
  explained: new Map(),
  avoided: new Map(),
  restarts: 0,
  endedReference: 0,
  slow: 0,
  unsteady: 0,
});

export function count<Id>(counts: Map<Id, number>, id: Id): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
