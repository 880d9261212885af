import type { GrabKind } from "../../core/types.ts";
import { assignment, NO_JOB, NOOP } from "../replies.ts";
import type { Handler } from "./handler.ts";

/** PROTOCOL: GRAB_JOB, GRAB_JOB_UNIQ, GRAB_JOB_ALL */
export const grabJob =
  (kind: GrabKind): Handler =>
  (caller, { busy }) => {
    const grabbed = caller.hub.core.grab(caller.peer, kind, busy);
    if (grabbed === "none") caller.send(NO_JOB);
    else if (grabbed !== "held") caller.send(assignment(grabbed, kind));
  };

/** PROTOCOL: PRE_SLEEP: a job that came before it is not slept through */
export const preSleep: Handler = (caller) => {
  if (caller.hub.core.preSleep(caller.peer)) caller.send(NOOP);
};
