import fc from "fast-check";
import { PACKETS, type PacketName } from "../../src/protocol/packets.ts";
import type { Argument, Packet } from "./script.ts";
import {
  among,
  anyFunction,
  anyHandle,
  data,
  epoch,
  longHandle,
  number,
  offered,
  oneOf,
  reducer,
  timeout,
  unique,
  workHandle,
} from "./values.ts";

/** Every packet of the table and every text command, well made or not. */

export const packet = (name: PacketName, ...args: fc.Arbitrary<Argument>[]): fc.Arbitrary<Packet> =>
  fc.tuple(...args).map((values) => ({ packet: name, args: values, magic: "REQ" as const }));

export const submit = oneOf<Packet>(
  [6, packet("SUBMIT_JOB", anyFunction, unique, data)],
  [6, packet("SUBMIT_JOB_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_HIGH", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_HIGH_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_LOW", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_LOW_BG", anyFunction, unique, data)],
  [2, packet("SUBMIT_JOB_EPOCH", anyFunction, unique, epoch, data)],
  [2, packet("SUBMIT_REDUCE_JOB", anyFunction, unique, reducer, among("", "agg"), data)],
  [2, packet("SUBMIT_REDUCE_JOB_BACKGROUND", anyFunction, unique, reducer, among("", "agg"), data)],
);

export const grab = among("GRAB_JOB", "GRAB_JOB_UNIQ", "GRAB_JOB_ALL").map(
  (name): Packet => ({ packet: name as PacketName, args: [], magic: "REQ" }),
);

export const abilities = oneOf<Packet>(
  [16, packet("CAN_DO", offered)],
  [4, packet("CAN_DO_TIMEOUT", anyFunction, timeout)],
  [3, packet("CANT_DO", offered)],
  [1, packet("RESET_ABILITIES")],
);

export const work = (on: number): fc.Arbitrary<Packet> =>
  oneOf<Packet>(
    [4, packet("WORK_COMPLETE", workHandle(on), data)],
    [2, packet("WORK_FAIL", oneOf([6, workHandle(on)], [1, longHandle]))],
    [2, packet("WORK_EXCEPTION", workHandle(on), data)],
    [2, packet("WORK_DATA", workHandle(on), data)],
    [1, packet("WORK_WARNING", workHandle(on), data)],
    [2, packet("WORK_STATUS", workHandle(on), number, number)],
  );

export const question = oneOf<Packet>(
  [3, packet("GET_STATUS", oneOf([6, anyHandle], [1, longHandle]))],
  [3, packet("GET_STATUS_UNIQUE", oneOf([6, unique], [1, among("u1\0", "u1\0x", "\0")]))],
  [1, packet("ECHO_REQ", data)],
  [
    2,
    packet(
      "OPTION_REQ",
      among("exceptions", "EXCEPTIONS", "exceptions\0", "exceptions\0x", "nope", "", "o".repeat(64)),
    ),
  ],
  [1, packet("SET_CLIENT_ID", among("me", "", "a b", "id\0", "id\0x", "i".repeat(130), "\xe4"))],
);

const NOT_SERVED: readonly PacketName[] = [
  "UNUSED",
  "NOOP",
  "JOB_CREATED",
  "NO_JOB",
  "JOB_ASSIGN",
  "ECHO_RES",
  "ERROR",
  "STATUS_RES",
  "ALL_YOURS",
  "OPTION_RES",
  "JOB_ASSIGN_UNIQ",
  "SUBMIT_JOB_SCHED",
  "JOB_ASSIGN_ALL",
  "STATUS_RES_UNIQUE",
]; // prettier-ignore

/** A packet of that type with the arguments that it needs. */
const shaped = (name: PacketName, magic: "REQ" | "RES"): Packet => {
  const { args, data } = PACKETS[name];
  return { packet: name, args: Array.from({ length: args.length + Number(data) }, (_, i) => `a${i}`), magic };
};

export const refused = oneOf<Packet>(
  [1, fc.constantFrom(...NOT_SERVED).map((name) => shaped(name, "REQ"))],
  [1, fc.constantFrom(...(Object.keys(PACKETS) as PacketName[])).map((name) => shaped(name, "RES"))],
);
