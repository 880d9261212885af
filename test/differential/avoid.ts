import { isFuture, type KnownJob, keyOf, priorityOf } from "./known-job.ts";
import type { Ledger, Party } from "./ledger.ts";
import type { RuleId } from "./rules.ts";
import type { Spoken } from "./script.ts";
import type { Tables } from "./tables.ts";

/** Both servers' tables before a message is sent. */
export interface Before {
  readonly reference: Tables;
  readonly ours: Tables;
}

/**
 * Where a difference would make the two servers do different things from here on, so that nothing after it could be compared: the
 * message is not sent. Each is as narrow as what is known of the jobs allows; what is avoided is counted.
 *
 * @returns the difference, explained in rules.ts and test/wire/differences.ts
 */
export function avoid(message: Spoken, on: number, ledger: Ledger, before: Before): RuleId | undefined {
  if ("line" in message) return avoidLine(message.line, before);
  if (message.magic === "RES") return undefined;
  const { packet, args } = message;
  if (packet.startsWith("SUBMIT_")) return avoidSubmit(packet, args, ledger, before);
  if (packet.startsWith("GRAB_JOB")) return avoidGrab(ledger.party(on), before);
  if (packet === "WORK_STATUS" && (args[2]?.length ?? 0) > 10) return "long-denominator";
  if (packet === "GET_STATUS_UNIQUE") return avoidStatus(args[0]?.split("\0")[0] ?? "", ledger, before);
  return undefined;
}

/** What must not be sent together with others: whether it is avoided depends on what those do. */
export function alone(message: Spoken, party: Party): boolean {
  if ("line" in message) return true;
  const { packet, args } = message;
  if (packet === "SUBMIT_JOB_EPOCH" && isFuture(args[2] ?? "")) return true;
  if (packet.startsWith("SUBMIT_")) return args[1] === "-" || args[1]?.length === 64 || packet.includes("_LOW");
  if (packet.startsWith("GRAB_JOB")) return party.abilities.length > 1;
  return /^(CAN_DO|CANT_DO|RESET_ABILITIES|PRE_SLEEP|WORK_EXCEPTION)/.test(packet);
}

/** gearmand may send what it has freed when a job ends before its JOB_ASSIGN is written. No worker can do that. */
export function endsTooSoon(message: Spoken, piece: readonly Spoken[]): boolean {
  const ends = "packet" in message && /^WORK_(COMPLETE|FAIL|EXCEPTION)$/.test(message.packet);
  return ends && piece.some((earlier) => "packet" in earlier && earlier.packet.startsWith("GRAB_JOB"));
}

/** A job that gearmand still has, though it will not run: cancelled, or its clients are gone. */
export function isGhost(job: KnownJob, { reference, ours }: Before): boolean {
  return reference.jobs.has(job.handle) && !ours.jobs.has(job.handle);
}

export function ghosts(ledger: Ledger, before: Before): KnownJob[] {
  return [...ledger.jobs.values()].filter((job) => isGhost(job, before));
}

/** The difference because of which gearmand still has it. */
export function ghostId({ cancelled, background }: KnownJob): RuleId {
  if (cancelled) return "cancel-removes";
  return background ? "background-stays" : "abandoned-removed";
}

function avoidSubmit(packet: string, args: readonly string[], ledger: Ledger, before: Before): RuleId | undefined {
  const [fn = "", unique = "", epoch = ""] = args;
  const key = keyOf(args);
  const jobs = [...ledger.jobs.values()];
  const same = (job: KnownJob) => job.function === fn && job.unique === args.at(-1) && job.workload === args.at(-1);
  if (unique === "-" && jobs.some(same)) return "workload-as-unique";
  const taken = jobs.find((job) => key !== "" && job.key === key && (job.cancelled || isGhost(job, before)));
  if (taken !== undefined) return ghostId(taken);
  const counted = ghosts(ledger, before).find((job) => job.function === fn);
  if (counted !== undefined && ledger.limited.has(fn)) return ghostId(counted);
  if (unique.length === 64 && jobs.some((job) => job.unique === unique)) return "unique-64";
  if (unique.length > 64 && packet.startsWith("SUBMIT_REDUCE")) return "reduce-unique";
  const future = packet === "SUBMIT_JOB_EPOCH" && isFuture(epoch);
  const hides = jobs.some((job) => job.function === fn && (future ? job.priority === 2 : job.future));
  return hides && (future || priorityOf(packet) === 2) ? "epoch-hides-nothing" : undefined;
}

/** With jobs in two of its functions the order matters. */
function avoidGrab({ abilities }: Party, { reference, ours }: Before): RuleId | undefined {
  const busy = [...new Set(abilities)].filter((fn) =>
    [reference, ours].some(({ functions }) => functions.get(fn)?.waiting.some((jobs) => jobs > 0)),
  );
  return busy.length > 1 ? "global-priority" : undefined;
}

function avoidStatus(unique: string, ledger: Ledger, before: Before): RuleId | undefined {
  if (unique.length === 64) return "unique-64";
  if (unique.length > 64) return "status-too-large";
  const same = [...ledger.jobs.values()].filter((job) => job.unique === unique);
  if (same.some(({ cancelled, worker }) => cancelled && worker !== undefined)) return "cancel-once";
  const ghost = same.find((job) => isGhost(job, before));
  return ghost === undefined ? undefined : ghostId(ghost);
}

/** Dropping a function with jobs leaves gearmand with jobs that point at it. */
function avoidLine(line: string, before: Before): RuleId | undefined {
  const [command = "", what = "", name = ""] = line.trimEnd().split(/ +/);
  if (!/^drop$/i.test(command) || !/^function$/i.test(what)) return undefined;
  const affected = [...before.reference.functions].filter(([fn]) => fn.toLowerCase() === name.toLowerCase());
  return affected.some(([, { total }]) => total > 0) ? "drop-cancels" : undefined;
}
