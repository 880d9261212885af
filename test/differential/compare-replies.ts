import { ghostId } from "./avoid.ts";
import { levelNoops } from "./compare-wakes.ts";
import type { Ledger } from "./ledger.ts";
import { type Cause, type Explain, equal, type Replies } from "./replies.ts";
import type { Event } from "./script.ts";

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
  if (givesBackSeveral(cause, ledger)) [reference, ours] = levelFails(reference, ours, explain);
  if (!equal(reference, ours)) [reference, ours] = levelNoops(replies.on, reference, ours, cause, ledger, explain);
  return [reference, ours];
}

/** A worker gives back jobs of all its functions, one function after the other. */
function givesBackSeveral({ by, messages, closed }: Cause, ledger: Ledger): boolean {
  const resets = messages.some((message) => "packet" in message && message.packet === "RESET_ABILITIES");
  return (closed || resets) && new Set(ledger.party(by).abilities).size > 1;
}

/** The clients of those that are not run again are told in the order of the worker's functions. */
function levelFails(reference: Event[], ours: Event[], explain: Explain): [Event[], Event[]] {
  const sorted = (events: Event[]) => events.map((event) => JSON.stringify(event)).sort();
  const others = (events: Event[]) => events.filter(({ name }) => name !== "WORK_FAIL");
  const alike = equal(sorted(reference), sorted(ours)) && equal(others(reference), others(ours));
  if (!alike || equal(reference, ours)) return [reference, ours];
  explain("global-priority");
  return [ours, ours];
}

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
  if (/^drop$/i.test(command)) return levelDrop(reference, ours, explain);
  if (!/^(version|getpid)$/i.test(command)) return [reference, ours];
  return [reference.map(withoutNumber), ours.map(withoutNumber)];
}

/** Several functions of one name but for case, some of them busy. */
function levelDrop(reference: Event[], ours: Event[], explain: Explain): [Event[], Event[]] {
  const sorted = (events: Event[]) =>
    events.map(({ name, args }): Event => ({ name, args: args.map((text) => text.split("\r\n").sort().join("\r\n")) }));
  if (!equal(sorted(reference), sorted(ours))) return [reference, ours];
  explain("table-order");
  return [ours, ours];
}

const says = ([first]: readonly Event[], text: string): boolean => first?.args[0] === `${text}\r\n`;

const withoutNumber = ({ name, args }: Event): Event => ({
  name,
  args: args.map((text) => text.replace(/^OK \S+$/m, "OK *")),
});
