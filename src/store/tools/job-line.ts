/** A row as people and programs read it: one object, one line. */
import { isUtf8 } from "node:buffer";
import type { JobSpecRecord } from "../../core/job.ts";
import { PRIORITIES, Priority } from "../../core/types.ts";
import { asBuffer } from "../../lib/bytes.ts";
import { judge } from "../sqlite/scan.ts";
import { bufferOf, jobIn } from "../sqlite/stored.ts";

export type JobState = "waiting" | "delayed" | "dead" | "damaged";

/** A row as it is read from a table of jobs, in whatever condition. */
export type Found = Readonly<Record<string, unknown>>;

/** A row that is whole, or why it is not. */
export type Judged =
  | {
      readonly state: Exclude<JobState, "damaged">;
      readonly place: number;
      readonly retries: number;
      readonly job: JobSpecRecord;
    }
  | { readonly state: "damaged"; readonly why: string };

/** @param now wall time, seconds */
export function judgeRow(found: Found, now: number): Judged {
  const scanned = judge(found);
  if (scanned.state === "damaged") return { state: "damaged", why: "its checksum is wrong" };
  const { place, retries, record } = scanned.row;
  const job = jobIn(record);
  if (job === undefined) return { state: "damaged", why: "it is no job, or one of a newer gearmand-ts" };
  const alive = job.epoch > now ? "delayed" : "waiting";
  return { state: scanned.state === "dead" ? "dead" : alive, place, retries, job };
}

const PRIORITY_NAMES = Object.keys(Priority);

/** Damaged ones can have a priority that there is not. */
export const priorityName = (priority: Priority): string | Priority =>
  PRIORITY_NAMES[PRIORITIES.indexOf(priority)] ?? priority;

/** A text; bytes that are none are base64, under a key that ends with `Base64`. */
const textual = (key: string, bytes: Buffer): Record<string, string> =>
  isUtf8(bytes) ? { [key]: bytes.toString("utf8") } : { [`${key}Base64`]: bytes.toString("base64") };

export const named = (key: string, name: string): Record<string, string> => textual(key, asBuffer(name));

function fieldsOf({ handle, function: fn, unique, reducer, priority, epoch, workload }: JobSpecRecord): object {
  return {
    ...named("handle", handle),
    ...named("function", fn),
    ...named("unique", unique),
    priority: priorityName(priority),
    epoch,
    ...named("reducer", reducer),
    size: workload.length,
    ...textual("workload", asBuffer(workload)),
  };
}

export interface JobLine {
  readonly row: number;
  readonly state: JobState;
  readonly [field: string]: unknown;
}

/** What is known of a row. @param now wall time, seconds */
export function jobLine(found: Found, now: number): JobLine {
  const row = Number(found["id"]);
  const judged = judgeRow(found, now);
  if (judged.state === "damaged") return { row, ...judged, ...asIs(found) };
  const { state, place, retries, job } = judged;
  return { row, state, place, retries, ...fieldsOf(job) };
}

/** What can be read of a damaged row, none of it to be trusted, and what it is made of. */
function asIs({ record, fate, sum }: Found): object {
  if (!(record instanceof Uint8Array)) return { fate, sum };
  const bytes = bufferOf(record);
  const job = jobIn(bytes);
  return { ...(job && fieldsOf(job)), fate, sum, recordBase64: bytes.toString("base64") };
}

/** What a terminal would act on, of what JSON leaves as it is. */
const ACTIVE = /[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A line of JSON that is safe to print. */
export const printedLine = (value: unknown): string => `${JSON.stringify(value).replace(ACTIVE, escaped)}\n`;
