import type { Client, Job } from "../../core/job.ts";
import type { List } from "../../core/list.ts";
import type { Finish } from "../../core/results.ts";
import { letGo } from "../../lib/blocks.ts";
import { encodeResponse, type Packet } from "../../protocol/encode.ts";
import type { ErrorName } from "../../protocol/errors.ts";
import { MAX_HANDLE } from "../../protocol/header.ts";
import { PACKETS } from "../../protocol/packets.ts";
import { workFail } from "../replies.ts";
import { arg, forSending, nameOf } from "../request.ts";
import type { Caller, Handler } from "./handler.ts";

/** A job that has ended, and whom to tell. */
interface Done {
  readonly job: Job;
  readonly clients: List<Client>;
}

/** PROTOCOL: WORK_DATA, WORK_WARNING: relayed to every client */
export const workData =
  (name: "WORK_DATA" | "WORK_WARNING"): Handler =>
  (caller, request) => {
    const job = caller.hub.core.jobOf(caller.peer, nameOf(request));
    if (job === undefined) return caller.fail("jobUnknown");
    return relay(caller, job.clients, encodeResponse(PACKETS[name], [job.handle], forSending(request)));
  };

/** PROTOCOL: WORK_STATUS: relayed as sent, and kept for GET_STATUS */
export const workStatus: Handler = (caller, request) => {
  const [numerator, denominator] = [arg(request, 1), arg(request, 2)];
  const job = caller.hub.core.progress(caller.peer, nameOf(request), numerator, denominator);
  if (job === undefined) caller.fail("jobNotFound");
  else relay(caller, job.clients, encodeResponse(PACKETS.WORK_STATUS, [job.handle, numerator, denominator]));
};

/** PROTOCOL: WORK_COMPLETE */
export const workComplete: Handler = (caller, request) => {
  const done = finish(caller, nameOf(request), "completed", "jobNotFound");
  if (done !== undefined)
    relay(caller, done.clients, encodeResponse(PACKETS.WORK_COMPLETE, [done.job.handle], forSending(request)));
};

/** PROTOCOL: WORK_FAIL */
export const workFailed: Handler = (caller, request) => {
  const handle = nameOf(request);
  if (handle.length > MAX_HANDLE) return caller.fail("handleTooLong");
  const done = finish(caller, handle, "failed", "jobNotFound");
  if (done !== undefined) relay(caller, done.clients, workFail(done.job));
};

/** PROTOCOL: WORK_EXCEPTION: a client that did not ask for exceptions gets WORK_FAIL; either ends the job */
export const workException: Handler = (caller, request) => {
  const done = finish(caller, nameOf(request), "exceptions", "exceptionUnknown");
  if (done === undefined) return;
  const { job, clients } = done;
  const exception = encodeResponse(PACKETS.WORK_EXCEPTION, [job.handle], forSending(request));
  const failed = workFail(job);
  for (const { peer } of clients) caller.hub.send(peer, peer.exceptions ? exception : failed);
};

/** Ends the job and tells the store; undefined if the connection does not run it, which it is told. */
function finish(caller: Caller, handle: string, how: Finish, error: ErrorName): Done | undefined {
  const { hub, peer } = caller;
  const { job, clients, outcome } = hub.core.finish(peer, handle, how);
  if (job !== undefined) hub.unstore(job);
  hub.deliver(outcome);
  caller.endedJob = job !== undefined;
  if (job === undefined) {
    caller.fail(error);
    return undefined;
  }
  letWorkloadGo(job);
  return { job, clients };
}

/** Nobody runs it again. What a store has been given is the store's, too, and is left to be collected. */
function letWorkloadGo({ workload, stored }: Job): void {
  if (typeof workload !== "string" && stored === "no") letGo(workload);
}

function relay({ hub }: Caller, clients: List<Client>, packet: Packet): void {
  for (let client = clients.first; client !== undefined; client = client.next) hub.send(client.peer, packet);
}
