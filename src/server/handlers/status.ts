import type { Job } from "../../core/job.ts";
import { encodeResponse } from "../../protocol/encode.ts";
import { arg } from "../request.ts";
import type { Handler } from "./handler.ts";
import { handleOf } from "./work.ts";

const MAX_HANDLE = 63;
const MAX_UNIQUE = 64;

/** PROTOCOL: GET_STATUS */
export const getStatus: Handler = (session, request) => {
  const handle = handleOf(request);
  if (handle.length > MAX_HANDLE) return session.fail("handleTooLong");
  return session.send(encodeResponse("STATUS_RES", [handle, ...statusOf(session.hub.core.jobByHandle(handle))]));
};

/** PROTOCOL: GET_STATUS_UNIQUE: the answer begins with the unique, not with a handle */
export const getStatusUnique: Handler = (session, request) => {
  const unique = arg(request, 0);
  if (unique.length > MAX_UNIQUE) return session.fail("uniqueTooLong");
  const job = session.hub.core.jobByUnique(unique);
  const clients = `${job?.clients.length ?? 0}`;
  return session.send(encodeResponse("STATUS_RES_UNIQUE", [unique, ...statusOf(job), clients]));
};

/** Known, running, numerator, denominator; all 0 of an unknown job. */
function statusOf(job: Job | undefined): string[] {
  if (job === undefined) return ["0", "0", "0", "0"];
  return ["1", job.state === "running" ? "1" : "0", count(job.numerator), count(job.denominator)];
}

/** As gearmand's atoi, printed unsigned: `07` is 7, `abc` 0, `-1` 4294967295. */
function count(text: string): string {
  return `${(Number.parseInt(text, 10) || 0) >>> 0}`;
}
