import type { FunctionQueue } from "../core/function-queue.ts";
import type { Job } from "../core/job.ts";
import type { Peer } from "../core/peer.ts";
import { Priority } from "../core/types.ts";
import { escapeBlanks, escapeControls } from "../lib/escape.ts";

/** `FUNCTION\tTOTAL\tRUNNING\tWORKERS` */
export function statusRow(fn: FunctionQueue): string {
  return `${escapeControls(fn.name)}\t${fn.total}\t${fn.running}\t${fn.workers.size}\n`;
}

/** `FUNCTION\tHIGH\tNORMAL\tLOW\tWORKERS`: jobs that wait */
export function priorityStatusRow(fn: FunctionQueue): string {
  const waiting = [Priority.high, Priority.normal, Priority.low].map((priority) => fn.waiting(priority));
  return `${escapeControls(fn.name)}\t${waiting.join("\t")}\t${fn.workers.size}\n`;
}

/** `NUMBER ADDRESS CLIENTID : FUNCTIONS`; the number is the connection's, where gearmand prints a file descriptor. */
export function workerRow(peer: Peer, address: string): string {
  let row = `${peer.id} ${address} ${escapeBlanks(peer.clientId)} :`;
  for (const ability of peer.abilities) row += ` ${escapeBlanks(ability.function.name)}`;
  return `${row}\n`;
}

/** `HANDLE\tRETRIES\tIGNORED\tSTORED` */
export function jobRow(job: Job): string {
  const ignored = job.cancelled || job.abandoned;
  return `${job.handle}\t${job.retries}\t${Number(ignored)}\t${Number(!ignored && job.stored === "yes")}\n`;
}

/** The job's unique; an empty line for none. */
export function uniqueRow(job: Job): string {
  return `${escapeControls(job.unique)}\n`;
}

/** Rows and the `.` that ends them. */
export function table<T>(items: Iterable<T>, row: (item: T) => string): string {
  let text = "";
  for (const item of items) text += row(item);
  return `${text}.\n`;
}
