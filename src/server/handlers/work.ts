import { Outcome } from "../../core/outcome.ts";
import type { Peer } from "../../core/peer.ts";
import type { Finish, Finished } from "../../core/results.ts";
import { encodeResponse } from "../../protocol/encode.ts";
import type { ErrorName } from "../../protocol/errors.ts";
import { workFail } from "../replies.ts";
import { arg, forSending, type Request } from "../request.ts";
import type { Session } from "../session.ts";
import type { Handler } from "./handler.ts";

/** Bytes of a handle, at the most. */
const MAX_HANDLE = 63;

/** Workers send handles with and without a NUL at the end (gearmand#108). */
export function handleOf(request: Request): string {
  const handle = arg(request, 0);
  return handle.endsWith("\0") ? handle.slice(0, -1) : handle;
}

/** PROTOCOL: WORK_DATA, WORK_WARNING: relayed to every client */
export const workData =
  (name: "WORK_DATA" | "WORK_WARNING"): Handler =>
  (session, request) => {
    const job = session.hub.core.jobOf(session.peer, handleOf(request));
    if (job === undefined) return session.fail("jobUnknown");
    return relay(session, job.clients, encodeResponse(name, [job.handle], forSending(request)));
  };

/** PROTOCOL: WORK_STATUS: relayed as sent, and kept for GET_STATUS */
export const workStatus: Handler = (session, request) => {
  const [numerator, denominator] = [arg(request, 1), arg(request, 2)];
  const job = session.hub.core.progress(session.peer, handleOf(request), numerator, denominator);
  if (job === undefined) session.fail("jobNotFound");
  else relay(session, job.clients, encodeResponse("WORK_STATUS", [job.handle, numerator, denominator]));
};

/** PROTOCOL: WORK_COMPLETE */
export const workComplete: Handler = (session, request) => {
  const done = finish(session, handleOf(request), "completed", "jobNotFound");
  if (done !== undefined)
    relay(session, done.clients, encodeResponse("WORK_COMPLETE", [done.job.handle], forSending(request)));
};

/** PROTOCOL: WORK_FAIL */
export const workFailed: Handler = (session, request) => {
  const handle = handleOf(request);
  if (handle.length > MAX_HANDLE) return session.fail("handleTooLong");
  const done = finish(session, handle, "failed", "jobNotFound");
  if (done !== undefined) relay(session, done.clients, workFail(done.job));
};

/** PROTOCOL: WORK_EXCEPTION: a client that did not ask for exceptions gets WORK_FAIL; either ends the job */
export const workException: Handler = (session, request) => {
  const done = finish(session, handleOf(request), "exceptions", "exceptionUnknown");
  if (done === undefined) return;
  const { job, clients } = done;
  const exception = encodeResponse("WORK_EXCEPTION", [job.handle], forSending(request));
  relay(
    session,
    clients.filter((client) => client.exceptions),
    exception,
  );
  relay(
    session,
    clients.filter((client) => !client.exceptions),
    workFail(job),
  );
};

/** Ends the job and tells the store; undefined if the connection does not run it, which it is told. */
function finish(session: Session, handle: string, how: Finish, error: ErrorName): Finished | undefined {
  const { hub, peer } = session;
  const finished = hub.core.finish(peer, handle, how);
  if (finished instanceof Outcome) {
    hub.deliver(finished);
    session.fail(error);
    return undefined;
  }
  session.endedJob = true;
  hub.unstore(finished.job);
  hub.deliver(finished.outcome);
  return finished;
}

function relay({ hub }: Session, clients: readonly Peer[], packet: readonly Buffer[]): void {
  for (const client of clients) hub.send(client, packet);
}
