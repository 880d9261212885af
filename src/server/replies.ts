import type { Job } from "../core/job.ts";
import type { GrabKind } from "../core/types.ts";
import { encodeResponse, type Packet } from "../protocol/encode.ts";
import { ERRORS, type ErrorName } from "../protocol/errors.ts";
import { PACKETS } from "../protocol/packets.ts";

/** The packets that are always the same. */
export const NO_JOB: Packet = encodeResponse(PACKETS.NO_JOB, []);
export const NOOP: Packet = encodeResponse(PACKETS.NOOP, []);

export function errorReply(name: ErrorName): Packet {
  const { code, text } = ERRORS[name];
  return encodeResponse(PACKETS.ERROR, [code, text]);
}

export function jobCreated(job: Job): Packet {
  return encodeResponse(PACKETS.JOB_CREATED, [job.handle]);
}

export function workFail(job: Job): Packet {
  return encodeResponse(PACKETS.WORK_FAIL, [job.handle]);
}

/** What a grab of that kind is answered with. A job without a reducer is never sent as JOB_ASSIGN_ALL, as in gearmand. */
export function assignment(job: Job, kind: GrabKind): Packet {
  const { handle, function: fn, unique, reducer, workload } = job;
  if (kind === "plain") return encodeResponse(PACKETS.JOB_ASSIGN, [handle, fn], workload);
  if (kind === "unique" || reducer === "")
    return encodeResponse(PACKETS.JOB_ASSIGN_UNIQ, [handle, fn, unique], workload);
  return encodeResponse(PACKETS.JOB_ASSIGN_ALL, [handle, fn, unique, reducer], workload);
}
