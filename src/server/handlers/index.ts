import { Priority } from "../../core/types.ts";
import { PACKET_NAMES, PACKETS, type PacketName, type PacketSpec } from "../../protocol/packets.ts";
import { canDo, canDoTimeout, cantDo, resetAbilities } from "./abilities.ts";
import { echo, option, setClientId } from "./connection.ts";
import { grabJob, preSleep } from "./grab.ts";
import type { Handler } from "./handler.ts";
import { getStatus, getStatusUnique } from "./status.ts";
import { submitEpoch, submitJob, submitReduce } from "./submit.ts";
import { workComplete, workData, workException, workFailed, workStatus } from "./work.ts";

/**
 * Who serves which packet. What is not here is answered with ERROR INVALID_COMMAND: packets of a server, and ALL_YOURS and
 * SUBMIT_JOB_SCHED, which gearmand does not serve either.
 */
export const HANDLERS: Readonly<Partial<Record<PacketName, Handler>>> = {
  CAN_DO: canDo,
  CAN_DO_TIMEOUT: canDoTimeout,
  CANT_DO: cantDo,
  RESET_ABILITIES: resetAbilities,
  PRE_SLEEP: preSleep,
  GRAB_JOB: grabJob("plain"),
  GRAB_JOB_UNIQ: grabJob("unique"),
  GRAB_JOB_ALL: grabJob("all"),
  SUBMIT_JOB: submitJob(Priority.normal, false),
  SUBMIT_JOB_HIGH: submitJob(Priority.high, false),
  SUBMIT_JOB_LOW: submitJob(Priority.low, false),
  SUBMIT_JOB_BG: submitJob(Priority.normal, true),
  SUBMIT_JOB_HIGH_BG: submitJob(Priority.high, true),
  SUBMIT_JOB_LOW_BG: submitJob(Priority.low, true),
  SUBMIT_JOB_EPOCH: submitEpoch,
  SUBMIT_REDUCE_JOB: submitReduce(false),
  SUBMIT_REDUCE_JOB_BACKGROUND: submitReduce(true),
  WORK_DATA: workData("WORK_DATA"),
  WORK_WARNING: workData("WORK_WARNING"),
  WORK_STATUS: workStatus,
  WORK_COMPLETE: workComplete,
  WORK_FAIL: workFailed,
  WORK_EXCEPTION: workException,
  GET_STATUS: getStatus,
  GET_STATUS_UNIQUE: getStatusUnique,
  ECHO_REQ: echo,
  OPTION_REQ: option,
  SET_CLIENT_ID: setClientId,
};

/** How packets of one type are served. */
export interface Route {
  readonly spec: PacketSpec;
  readonly handler: Handler;
}

/** HOT: by type. */
export const ROUTES: readonly (Route | undefined)[] = PACKET_NAMES.map((name) => {
  const handler = name && HANDLERS[name];
  return handler && { spec: PACKETS[name], handler };
});
