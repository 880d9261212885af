/**
 * THE packet table: every packet of the Gearman protocol, once. Decoding, encoding, the session's handler table, docs/protocol.md
 * and the tests are all made from it.
 *
 * A packet is a 12 byte header (magic, type, size; big-endian) and a body. The body holds the arguments, separated by NUL with none at
 * the end; where `data` is set, one more NUL and then opaque bytes follow (or, with no arguments, the body is all data).
 * PROTOCOL: Binary Packet
 */
export interface PacketSpec {
  /** The number in the header. */
  readonly type: number;
  /** Which way it goes: `request` to the server, `response` from it, `both` (WORK_*: relayed as received). */
  readonly direction: "request" | "response" | "both" | "unused";
  /** What the NUL-separated arguments mean, in order. */
  readonly args: readonly ArgumentName[];
  /** Whether opaque bytes follow the arguments. */
  readonly data: boolean;
}

type ArgumentName =
  | "function"
  | "unique"
  | "timeout"
  | "epoch"
  | "reducer"
  | "aggregator"
  | "handle"
  | "numerator"
  | "denominator"
  | "option"
  | "id"
  | "known"
  | "running"
  | "clients"
  | "code"
  | "text"
  | "minute"
  | "hour"
  | "day"
  | "month"
  | "weekday";

const request = (type: number, ...args: ArgumentName[]): PacketSpec => ({
  type,
  direction: "request",
  args,
  data: false,
});
const requestWithData = (type: number, ...args: ArgumentName[]): PacketSpec => ({
  type,
  direction: "request",
  args,
  data: true,
});
const response = (type: number, ...args: ArgumentName[]): PacketSpec => ({
  type,
  direction: "response",
  args,
  data: false,
});
const responseWithData = (type: number, ...args: ArgumentName[]): PacketSpec => ({
  type,
  direction: "response",
  args,
  data: true,
});
const relayed = (type: number, data: boolean, ...args: ArgumentName[]): PacketSpec => ({
  type,
  direction: "both",
  args,
  data,
});

export const PACKETS = {
  CAN_DO: request(1, "function"),
  CANT_DO: request(2, "function"),
  RESET_ABILITIES: request(3),
  PRE_SLEEP: request(4),
  UNUSED: { type: 5, direction: "unused", args: [], data: false },
  NOOP: response(6),
  SUBMIT_JOB: requestWithData(7, "function", "unique"),
  JOB_CREATED: response(8, "handle"),
  GRAB_JOB: request(9),
  NO_JOB: response(10),
  JOB_ASSIGN: responseWithData(11, "handle", "function"),
  WORK_STATUS: relayed(12, false, "handle", "numerator", "denominator"),
  WORK_COMPLETE: relayed(13, true, "handle"),
  WORK_FAIL: relayed(14, false, "handle"),
  GET_STATUS: request(15, "handle"),
  ECHO_REQ: requestWithData(16),
  ECHO_RES: responseWithData(17),
  SUBMIT_JOB_BG: requestWithData(18, "function", "unique"),
  ERROR: response(19, "code", "text"),
  STATUS_RES: response(20, "handle", "known", "running", "numerator", "denominator"),
  SUBMIT_JOB_HIGH: requestWithData(21, "function", "unique"),
  SET_CLIENT_ID: request(22, "id"),
  CAN_DO_TIMEOUT: request(23, "function", "timeout"),
  ALL_YOURS: request(24),
  WORK_EXCEPTION: relayed(25, true, "handle"),
  OPTION_REQ: request(26, "option"),
  OPTION_RES: response(27, "option"),
  WORK_DATA: relayed(28, true, "handle"),
  WORK_WARNING: relayed(29, true, "handle"),
  GRAB_JOB_UNIQ: request(30),
  JOB_ASSIGN_UNIQ: responseWithData(31, "handle", "function", "unique"),
  SUBMIT_JOB_HIGH_BG: requestWithData(32, "function", "unique"),
  SUBMIT_JOB_LOW: requestWithData(33, "function", "unique"),
  SUBMIT_JOB_LOW_BG: requestWithData(34, "function", "unique"),
  SUBMIT_JOB_SCHED: requestWithData(35, "function", "unique", "minute", "hour", "day", "month", "weekday"),
  SUBMIT_JOB_EPOCH: requestWithData(36, "function", "unique", "epoch"),
  // The wire carries four arguments, though PROTOCOL says three.
  SUBMIT_REDUCE_JOB: requestWithData(37, "function", "unique", "reducer", "aggregator"),
  SUBMIT_REDUCE_JOB_BACKGROUND: requestWithData(38, "function", "unique", "reducer", "aggregator"),
  GRAB_JOB_ALL: request(39),
  JOB_ASSIGN_ALL: responseWithData(40, "handle", "function", "unique", "reducer"),
  GET_STATUS_UNIQUE: request(41, "unique"),
  STATUS_RES_UNIQUE: response(42, "unique", "known", "running", "numerator", "denominator", "clients"),
} as const satisfies Record<string, PacketSpec>;

export type PacketName = keyof typeof PACKETS;

/** Packet names by number; a number without a name is not of the protocol. */
export const PACKET_NAMES: readonly (PacketName | undefined)[] = Object.entries(PACKETS).reduce<PacketName[]>(
  (names, [name, spec]) => {
    names[spec.type] = name as PacketName;
    return names;
  },
  [],
);
