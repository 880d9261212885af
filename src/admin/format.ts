/** Rows of the text protocol's tables, as pieces of text: a row may be long, and a table longer than memory. */
import type { FunctionQueue } from "../core/function-queue.ts";
import type { Job } from "../core/job.ts";
import type { Peer } from "../core/peer.ts";
import { PRIORITIES } from "../core/types.ts";
import { escapeBlanks, escapeControls } from "../lib/escape.ts";

/** Pieces of text, made as they are asked for. */
export type Pieces = Iterable<string>;

/** Of a row, so many characters are one piece: a piece for each name costs as much as the name. */
const PART = 4096;

/** `FUNCTION\tTOTAL\tRUNNING\tWORKERS` */
export function statusRow(fn: FunctionQueue): Pieces {
  return [`${escapeControls(fn.name)}\t${fn.total}\t${fn.running}\t${fn.workers.size}\n`];
}

/** `FUNCTION\tHIGH\tNORMAL\tLOW\tWORKERS`: jobs that wait */
export function priorityStatusRow(fn: FunctionQueue): Pieces {
  const waiting = PRIORITIES.map((priority) => fn.waiting(priority));
  return [`${escapeControls(fn.name)}\t${waiting.join("\t")}\t${fn.workers.size}\n`];
}

/** `NUMBER ADDRESS CLIENTID : FUNCTIONS`; the number is the connection's, where gearmand prints a file descriptor. */
export function* workerRow(peer: Peer, address: string): Generator<string> {
  let text = `${peer.id} ${address} ${escapeBlanks(peer.clientId)} :`;
  for (const name of namesOf(peer)) {
    text += ` ${escapeBlanks(name)}`;
    if (text.length < PART) continue;
    yield text;
    text = "";
  }
  yield `${text}\n`;
}

/** As they are now: the worker's list changes while the row is written. Step by step: an iterator would cost as much as the row. */
function namesOf({ abilities }: Peer): readonly string[] {
  const names: string[] = [];
  for (let ability = abilities.first; ability !== undefined; ability = ability.next) names.push(ability.function.name);
  return names;
}

/** `HANDLE\tRETRIES\tIGNORED\tSTORED` */
export function jobRow(job: Job): Pieces {
  const ignored = job.cancelled || job.abandoned;
  return [`${job.handle}\t${job.retries}\t${Number(ignored)}\t${Number(!ignored && job.stored === "yes")}\n`];
}

/** The job's unique; an empty line for none. */
export function uniqueRow(job: Job): Pieces {
  return [`${escapeControls(job.unique)}\n`];
}

/** `NAME\tVALUE` */
export function figureRow([name, value]: readonly [string, string | number]): Pieces {
  return [`${name}\t${value}\n`];
}

/** At most so many rows as there are items now (more may come while it is written), and the `.` that ends them. */
export function* table<T>(items: Iterable<T>, size: number, row: (item: T) => Pieces): Generator<string> {
  let left = size;
  for (const item of items) {
    if (left-- <= 0) break;
    yield* row(item);
  }
  yield ".\n";
}
