import type { Job } from "../../core/job.ts";
import { atoi } from "../../lib/c-text.ts";
import { encodeResponse } from "../../protocol/encode.ts";
import { MAX_HANDLE, MAX_UNIQUE } from "../../protocol/header.ts";
import { PACKETS } from "../../protocol/packets.ts";
import { nameOf } from "../request.ts";
import type { Handler } from "./handler.ts";

/** PROTOCOL: GET_STATUS */
export const getStatus: Handler = (caller, request) => {
  const handle = nameOf(request);
  if (handle.length > MAX_HANDLE) return caller.fail("handleTooLong");
  return caller.send(encodeResponse(PACKETS.STATUS_RES, [handle, ...statusOf(caller.hub.core.jobByHandle(handle))]));
};

/** PROTOCOL: GET_STATUS_UNIQUE: the answer begins with the unique, not with a handle */
export const getStatusUnique: Handler = (caller, request) => {
  const unique = nameOf(request);
  if (unique.length > MAX_UNIQUE) return caller.fail("uniqueTooLong");
  const job = caller.hub.core.jobByUnique(unique);
  const clients = `${job?.clients.size ?? 0}`;
  return caller.send(encodeResponse(PACKETS.STATUS_RES_UNIQUE, [unique, ...statusOf(job), clients]));
};

/** Known, running, numerator, denominator; all 0 of an unknown job. */
function statusOf(job: Job | undefined): string[] {
  if (job === undefined) return ["0", "0", "0", "0"];
  return ["1", job.state === "running" ? "1" : "0", count(job.numerator), count(job.denominator)];
}

/** As gearmand's atoi, printed unsigned: `07` is 7, `abc` 0, `-1` 4294967295. */
function count(text: string): string {
  return `${atoi(text) >>> 0}`;
}
