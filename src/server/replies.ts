import type { Job } from "../core/job.ts";
import type { GrabKind } from "../core/types.ts";
import { encodeResponse, type Packet } from "../protocol/encode.ts";
import { ERRORS, type ErrorName } from "../protocol/errors.ts";

/** The packets that are always the same. */
export const NO_JOB: Packet = encodeResponse("NO_JOB", []);
export const NOOP: Packet = encodeResponse("NOOP", []);

export function errorReply(name: ErrorName): Packet {
  const { code, text } = ERRORS[name];
  return encodeResponse("ERROR", [code, text]);
}

export function jobCreated(job: Job): Packet {
  return encodeResponse("JOB_CREATED", [job.handle]);
}

export function workFail(job: Job): Packet {
  return encodeResponse("WORK_FAIL", [job.handle]);
}

/** What a grab of that kind is answered with. A job without a reducer is never sent as JOB_ASSIGN_ALL, as in gearmand. */
export function assignment(job: Job, kind: GrabKind): Packet {
  const { handle, function: fn, unique, reducer, workload } = job;
  if (kind === "plain") return encodeResponse("JOB_ASSIGN", [handle, fn], workload);
  if (kind === "unique" || reducer === "") return encodeResponse("JOB_ASSIGN_UNIQ", [handle, fn, unique], workload);
  return encodeResponse("JOB_ASSIGN_ALL", [handle, fn, unique, reducer], workload);
}
