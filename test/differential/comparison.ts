import type { Before } from "./avoid.ts";
import { level } from "./compare-replies.ts";
import { levelTables } from "./compare-tables.ts";
import type { KnownJob } from "./known-job.ts";
import type { Ledger } from "./ledger.ts";
import { Protocol } from "./protocol.ts";
import { type Cause, equal } from "./replies.ts";
import type { RuleId } from "./rules.ts";
import type { Event } from "./script.ts";
import type { Side } from "./side.ts";
import { NO_TABLES, type Tables } from "./tables.ts";
import { count, type Tally } from "./tally.ts";

/** The servers differ, and no difference of the list explains it. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** Compares what each connection got after a step, and what the tables say then; keeps the ledger. */
export class Comparison {
  readonly #reference: Side;
  readonly #ours: Side;
  readonly #ledger: Ledger;
  readonly #tally: Tally;
  readonly protocol: Protocol = new Protocol();
  /** Differences that showed. */
  readonly seen: Set<RuleId> = new Set();
  readonly #explain = (id: RuleId): void => void this.seen.add(id);
  /** The tables after the last step. */
  last: Before = { reference: NO_TABLES, ours: NO_TABLES };

  constructor(reference: Side, ours: Side, ledger: Ledger, tally: Tally) {
    this.#reference = reference;
    this.#ours = ours;
    this.#ledger = ledger;
    this.#tally = tally;
  }

  /** What both say after a step; throws a Mismatch if that differs. */
  async after(cause: Cause): Promise<void> {
    const [readReference, readOurs] = await this.#both((side) => side.settle(this.last.ours.jobs.keys()));
    const replies = new Map<number, Event[]>();
    for (const on of inOrder(this.#ours.connections, cause.by)) replies.set(on, await this.#compareReplies(on, cause));
    for (const [on, events] of replies) this.#note(on, cause, events);
    const [reference, ours] = [readReference(), readOurs()];
    this.#compareTables(reference, ours);
    if (await this.#reviveNone(reference, ours)) return this.after({ by: -1, messages: [], closed: false });
    this.last = { reference, ours };
    this.#ledger.keep((handle) => reference.jobs.has(handle) || ours.jobs.has(handle));
  }

  /** Returns what both sent. */
  async #compareReplies(on: number, cause: Cause): Promise<Event[]> {
    const [theirs, mine] = [this.#reference.take(on), this.#ours.take(on)];
    this.#tally.replies += theirs.length;
    for (const { name } of theirs) count(this.#tally.kinds, name);
    const line = on === cause.by ? lineOf(cause) : undefined;
    const [reference, ours] = line === undefined ? [theirs, mine] : await this.#askAgain(line, theirs, mine);
    const [a, b] = level({ on, reference, ours }, cause, this.#ledger, this.#explain);
    if (!equal(a, b)) throw new Mismatch(this.protocol.differ(on, reference, ours));
    this.protocol.got(on, b);
    return b;
  }

  #note(on: number, cause: Cause, events: readonly Event[]): void {
    if (on === cause.by) this.#ledger.note(on, cause.messages, events);
    this.#ledger.noteNoops(on, events);
    if (events.at(-1)?.name !== "CLOSED") return;
    this.#reference.forget(on);
    this.#ours.forget(on);
    this.#ledger.close(on);
  }

  /** A table is what the same server tells another connection that asks for it; the tables are compared by themselves. */
  async #askAgain(line: string, theirs: Event[], mine: Event[]): Promise<[Event[], Event[]]> {
    const [reference, ours] = await this.#both((side) => side.ask(line));
    return [withoutTable(theirs, reference), withoutTable(mine, ours)];
  }

  #compareTables(reference: Tables, ours: Tables): void {
    const [a, b] = levelTables(reference, ours, this.#ledger, this.#explain);
    this.#tally.rows += a.length;
    if (!equal(a, b)) throw new Mismatch(this.protocol.differTables(a, b));
  }

  /**
   * Background jobs that a foreground client joined and left, and jobs that a client joined after another had left, do not run
   * again in gearmand and do in ours: they are cancelled, so that the script can go on.
   */
  async #reviveNone(reference: Tables, ours: Tables): Promise<boolean> {
    const revived = [...this.#ledger.jobs.values()].filter(
      ({ handle, worker, leftAlone }) =>
        leftAlone &&
        worker === undefined &&
        reference.jobs.get(handle)?.ignored &&
        ours.jobs.get(handle)?.ignored === false,
    );
    for (const job of revived) {
      await this.#ours.ask(`cancel job ${job.handle}\n`);
      job.cancelled = true;
    }
    if (revived.length > 0) await this.#ours.settle();
    for (const on of this.#ours.connections) this.#swallow(on, revived);
    return revived.length > 0;
  }

  /** Their clients are told by ours; gearmand's wait for ever. */
  #swallow(on: number, revived: readonly KnownJob[]): void {
    const told = this.#ours.take(on);
    const other = told.filter(
      ({ name, args }) => name !== "WORK_FAIL" || !revived.some(({ handle }) => handle === args[0]),
    );
    if (other.length > 0) throw new Mismatch(this.protocol.differ(on, [], other));
  }

  #both<T>(act: (side: Side) => Promise<T>): Promise<[T, T]> {
    return Promise.all([act(this.#reference), act(this.#ours)]);
  }
}

/** The one who caused it first: handles are named in the order in which they are seen. */
const inOrder = (connections: readonly number[], first: number): number[] =>
  [...connections].sort((a, b) => Number(b === first) - Number(a === first) || a - b);

function lineOf({ messages }: Cause): string | undefined {
  const [message] = messages;
  const line = message !== undefined && "line" in message ? message.line : undefined;
  return line !== undefined && /^(status|prioritystatus|workers|show)\b/i.test(line) ? line : undefined;
}

function withoutTable(events: Event[], again: string): Event[] {
  return events.map((event) =>
    event.name === "TEXT" && again.endsWith(".\n") && event.args[0] === again
      ? { name: "TEXT", args: ["the table"] }
      : event,
  );
}
