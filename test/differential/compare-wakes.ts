import { isFuture, type KnownJob } from "./known-job.ts";
import type { Ledger, Party } from "./ledger.ts";
import type { Cause, Explain } from "./replies.ts";
import type { RuleId } from "./rules.ts";
import type { Event } from "./script.ts";
import type { Which } from "./side.ts";

/** A worker that the servers told at different times that there is work. */
export function levelNoops(
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
  const id = party.toldApart.get(by) ?? wakeDifference(by, on, party, cause, ledger);
  if (id === undefined) return [reference, ours];
  explain(id);
  party.toldApart.set("ours", id).set("reference", id);
  return [reference.filter(isNotNoop), ours.filter(isNotNoop)];
}

const isNotNoop = ({ name }: Event): boolean => name !== "NOOP";
const noops = (events: readonly Event[]): number => events.length - events.filter(isNotNoop).length;

/** gearmand queues it again, and ours does not. */
const isUnwanted = ({ leftAlone, cancelled, background, clients }: KnownJob, leaver: number): boolean =>
  leftAlone || cancelled || (!background && clients.every((client) => client === leaver));

/** Why one server alone wakes that worker now. */
function wakeDifference(by: Which, on: number, party: Party, cause: Cause, ledger: Ledger): RuleId | undefined {
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
