import type { GrabKind } from "../../core/types.ts";
import { assignment, NO_JOB, NOOP } from "../replies.ts";
import type { Handler } from "./handler.ts";

/** PROTOCOL: GRAB_JOB, GRAB_JOB_UNIQ, GRAB_JOB_ALL */
export const grabJob =
  (kind: GrabKind): Handler =>
  (session, { busy }) => {
    const grabbed = session.hub.core.grab(session.peer, kind, busy);
    if (grabbed === "none") session.send(NO_JOB);
    else if (grabbed !== "held") session.send(assignment(grabbed, kind));
  };

/** PROTOCOL: PRE_SLEEP: a job that came before it is not slept through */
export const preSleep: Handler = (session) => {
  if (session.hub.core.preSleep(session.peer)) session.send(NOOP);
};
