import type { Packet } from "../link/link.ts";
import type { Submission } from "./submission.ts";

/** Those of this connection who wait for one job, in the order in which the server counts them. */
interface Group {
  readonly members: Submission[];
  /** Whose copy of a packet comes next. */
  next: number;
}

const FINAL: ReadonlySet<string> = new Set(["WORK_COMPLETE", "WORK_FAIL", "WORK_EXCEPTION"]);

/**
 * Who on a connection waits for which job. Submissions with one unique share a handle; the server sends each packet as many times as
 * there are of them, so each copy is for the next in turn.
 */
export class Listeners {
  readonly #groups: Map<string, Group> = new Map();

  get size(): number {
    return this.#groups.size;
  }

  add(handle: string, submission: Submission): void {
    const group = this.#groups.get(handle);
    if (group === undefined) this.#groups.set(handle, { members: [submission], next: 0 });
    else group.members.push(submission);
  }

  deliver(packet: Packet): void {
    const handle = withoutNul(packet.args[0] ?? "");
    const group = this.#groups.get(handle);
    // Servers that take no exception as final send a WORK_FAIL behind it.
    if (group === undefined) return;
    if (FINAL.has(packet.name)) this.#end(handle, group, packet);
    else group.members[group.next++ % group.members.length]?.onWork(packet);
  }

  /** All of them, in no order; nobody waits here any more. */
  takeAll(): Submission[] {
    const all = [...this.#groups.values()].flatMap(({ members }) => members);
    this.#groups.clear();
    return all;
  }

  #end(handle: string, group: Group, packet: Packet): void {
    const submission = group.members.shift();
    group.next = 0;
    if (group.members.length === 0) this.#groups.delete(handle);
    submission?.onWork(packet);
  }
}

/** PROTOCOL: WORK_FAIL. gearmand relays the NUL that some workers put behind the handle. */
function withoutNul(handle: string): string {
  return handle.endsWith("\0") ? handle.slice(0, -1) : handle;
}
