import { ghostId } from "./avoid.ts";
import { isFuture, type KnownJob, type Ledger, type Party } from "./ledger.ts";
import type { RuleId } from "./rules.ts";
import type { Event, Spoken } from "./script.ts";

/** What both servers sent on one connection after one step. */
export interface Replies {
  readonly on: number;
  readonly reference: readonly Event[];
  readonly ours: readonly Event[];
}

/** What brought them about. */
export interface Cause {
  /** Who sent something, or was closed. */
  readonly by: number;
  readonly messages: readonly Spoken[];
  readonly closed: boolean;
}

/** Notes that a difference of the list was seen. */
export type Explain = (id: RuleId) => void;

/** Both sides' replies as they would be without the differences of the list: equal, unless there is another. */
export function level(replies: Replies, cause: Cause, ledger: Ledger, explain: Explain): [Event[], Event[]] {
  let reference = replies.reference.filter((event) => !isAfterCancel(event, ledger, explain));
  let ours = [...replies.ours];
  if (equal(reference, ours)) return [reference, ours];
  reference = reference.map((event) => levelPacket(event, cause, ledger, explain));
  reference = reference.map((event, i) => levelStatus(event, ours[i], ledger, explain));
  const [message] = cause.messages;
  if (cause.by === replies.on && message !== undefined && "line" in message) {
    [reference, ours] = levelLine(message.line, reference, ours, ledger, explain);
  }
  if (!equal(reference, ours)) [reference, ours] = levelNoops(replies.on, reference, ours, cause, ledger, explain);
  return [reference, ours];
}

export const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** gearmand goes on relaying after a cancel. */
function isAfterCancel({ name, args }: Event, ledger: Ledger, explain: Explain): boolean {
  const late = name.startsWith("WORK_") && ledger.jobs.get(args[0]?.split("\0")[0] ?? "")?.cancelled === true;
  if (late) explain("cancel-once");
  return late;
}

/** A packet of gearmand's as ours would send it. */
function levelPacket(event: Event, { messages }: Cause, ledger: Ledger, explain: Explain): Event {
  const { name, args } = event;
  const [handle = ""] = args;
  if (name === "WORK_FAIL" && handle.includes("\0")) {
    const downgraded = messages.some((message) => "packet" in message && message.packet === "WORK_EXCEPTION");
    explain(downgraded ? "exception-downgrade" : "work-fail-nul");
    return { name, args: [handle.split("\0")[0] ?? ""] };
  }
  const job = ledger.jobs.get(handle);
  if (/^JOB_ASSIGN_(UNIQ|ALL)$/.test(name) && job?.unique.length === 64 && args[2]?.length === 63) {
    explain("unique-64");
    return { name, args: args.map((arg, i) => (i === 2 ? job.unique : arg.slice(i === 3 ? 1 : 0))) };
  }
  return event;
}

/** gearmand still knows a job that will not run. */
function levelStatus(event: Event, ours: Event | undefined, ledger: Ledger, explain: Explain): Event {
  const job = ledger.jobs.get(event.args[0] ?? "");
  const gone =
    event.name === "STATUS_RES" && event.args[1] === "1" && ours?.name === event.name && ours.args[1] === "0";
  if (!gone || job === undefined || !(job.cancelled || job.leftAlone)) return event;
  explain(ghostId(job));
  return { name: event.name, args: [job.handle, "0", "0", "0", "0"] };
}

function levelLine(
  line: string,
  reference: Event[],
  ours: Event[],
  ledger: Ledger,
  explain: Explain,
): [Event[], Event[]] {
  const [command = "", , third = ""] = line.split(/[\0\r\n]/, 1)[0]?.split(/ +/) ?? [];
  const job = ledger.jobs.get(third);
  const gone = job !== undefined && (job.cancelled || job.leftAlone);
  if (/^cancel$/i.test(command) && gone && says(reference, "OK") && says(ours, "ERR UNKNOWN_JOB")) {
    explain(ghostId(job));
    return [ours, ours];
  }
  if (/^version$/i.test(command)) explain("version");
  if (!/^(version|getpid)$/i.test(command)) return [reference, ours];
  return [reference.map(withoutNumber), ours.map(withoutNumber)];
}

const says = ([first]: readonly Event[], text: string): boolean => first?.args[0] === `${text}\r\n`;

const withoutNumber = ({ name, args }: Event): Event => ({
  name,
  args: args.map((text) => text.replace(/^OK \S+$/m, "OK *")),
});

/** A worker that the servers told at different times that there is work. */
function levelNoops(
  on: number,
  reference: Event[],
  ours: Event[],
  cause: Cause,
  ledger: Ledger,
  explain: Explain,
): [Event[], Event[]] {
  const extra = noops(ours) - noops(reference);
  if (extra === 0) return [reference, ours];
  const by = extra > 0 ? "ours" : "reference";
  const party = ledger.party(on);
  const id = party.mayBeWokenBy.has(by) ? "pre-sleep-clears-noop" : wakeDifference(by, on, party, cause, ledger);
  if (id === undefined) return [reference, ours];
  explain(id);
  party.mayBeWokenBy.add("ours");
  party.mayBeWokenBy.add("reference");
  return [reference.filter(isNotNoop), ours.filter(isNotNoop)];
}

const isNotNoop = ({ name }: Event): boolean => name !== "NOOP";
const noops = (events: readonly Event[]): number => events.length - events.filter(isNotNoop).length;

/** gearmand queues it again, and ours does not. */
const isUnwanted = ({ leftAlone, cancelled, background, clients }: KnownJob, leaver: number): boolean =>
  leftAlone || cancelled || (!background && clients.every((client) => client === leaver));

/** Why one server alone wakes that worker now. */
function wakeDifference(
  by: "ours" | "reference",
  on: number,
  party: Party,
  cause: Cause,
  ledger: Ledger,
): RuleId | undefined {
  if (!party.asleep) return undefined;
  const packets = cause.messages.filter((message) => "packet" in message);
  if (by === "ours")
    return cause.by === on && packets.some(({ packet }) => packet.startsWith("CAN_DO")) ? "can-do-asleep" : undefined;
  if (packets.some(({ packet, args }) => packet === "SUBMIT_JOB_EPOCH" && isFuture(args[2] ?? "")))
    return "epoch-wakes-when-due";
  const gives = cause.closed || packets.some(({ packet }) => /^(CANT_DO|RESET_ABILITIES)$/.test(packet));
  const given = [...ledger.jobs.values()].filter(
    (job) => job.worker === cause.by && party.abilities.includes(job.function),
  );
  if (!gives || given.length === 0) return undefined;
  if (on === cause.by) return "reset-asleep";
  return given.some((job) => isUnwanted(job, cause.by)) ? "abandoned-removed" : undefined;
}
