import { randomUUID } from "node:crypto";
import { GearmanError } from "../link/errors.ts";
import { isSizedStream, type Payload } from "../link/payload.ts";
import { toWire } from "../link/wire-text.ts";
import type { PacketName } from "../protocol/packets.ts";
import type { Priority, SubmitOptions } from "./options.ts";

/** A job as it goes to a server, to whichever and as often as it takes. */
export interface SubmitRequest {
  readonly packet: PacketName;
  readonly args: readonly string[];
  readonly payload: Payload;
  readonly function: string;
  readonly unique: string;
  readonly background: boolean;
  /** The caller gave no unique, so it is ours to change. */
  readonly uniqueIsOurs: boolean;
}

/** What a packet can hold beside the longest arguments, bytes. */
const MOST_BYTES = 2 ** 32 - 1 - 16 * 1024;

const FOREGROUND: Readonly<Record<Priority, PacketName>> = {
  high: "SUBMIT_JOB_HIGH",
  normal: "SUBMIT_JOB",
  low: "SUBMIT_JOB_LOW",
};

const BACKGROUND: Readonly<Record<Priority, PacketName>> = {
  high: "SUBMIT_JOB_HIGH_BG",
  normal: "SUBMIT_JOB_BG",
  low: "SUBMIT_JOB_LOW_BG",
};

/** The packet that asks for the job; throws if Gearman has none for it. */
export function submitRequest(name: string, payload: Payload, options: SubmitOptions): SubmitRequest {
  refuseUnspeakable(options);
  refuseTooLarge(payload);
  const { unique = randomUUID(), priority = "normal", at, reducer } = options;
  const background = options.background === true || at !== undefined;
  const args = [toWire("function", name), toWire("unique", unique)];
  const job = { payload, function: name, unique, background, uniqueIsOurs: options.unique === undefined };
  if (at !== undefined) return { ...job, packet: "SUBMIT_JOB_EPOCH", args: [...args, epoch(at)] };
  if (reducer === undefined) return { ...job, packet: (background ? BACKGROUND : FOREGROUND)[priority], args };
  // Servers take four arguments, and drop the last, the aggregator.
  const reduceArgs = [...args, toWire("reducer", reducer), ""];
  return { ...job, packet: background ? "SUBMIT_REDUCE_JOB_BACKGROUND" : "SUBMIT_REDUCE_JOB", args: reduceArgs };
}

/** The same job, but not the same to a server that still runs the first. */
export function withNewUnique(request: SubmitRequest): SubmitRequest {
  const unique = randomUUID();
  const [name = "", , ...others] = request.args;
  return { ...request, unique, args: [name, unique, ...others] };
}

/** What jobs of a fleet must have in common to meet at one server. */
export function coalescingKey({ function: name, unique, payload }: SubmitRequest): string | Uint8Array {
  if (unique === "-" && !isSizedStream(payload)) return Buffer.concat([Buffer.from(`${name}\0`), payload]);
  return `${name}\0${unique === "" ? randomUUID() : unique}`;
}

/** What Gearman has no packet for. */
function refuseUnspeakable({ at, priority = "normal", reducer, background, timeout = 0 }: SubmitOptions): void {
  if (at !== undefined && background === false)
    refuse("a job with `at` is always in the background: leave out `background: false`");
  if (at !== undefined && reducer !== undefined) refuse("a job has `at` or a reducer, not both");
  if (at !== undefined && priority !== "normal") refuse("a job with `at` has normal priority: leave out `priority`");
  if (reducer !== undefined && priority !== "normal")
    refuse("a job with a reducer has normal priority: leave out `priority`");
  if (!(timeout >= 0)) refuse(`the timeout is milliseconds, not ${timeout}`);
}

/** A header says sizes in 32 bits. */
function refuseTooLarge(payload: Payload): void {
  const size = isSizedStream(payload) ? payload.size : payload.byteLength;
  if (!Number.isSafeInteger(size) || size < 0 || size > MOST_BYTES)
    refuse(`a workload has up to ${MOST_BYTES} bytes, not ${size}`);
}

function refuse(why: string): never {
  throw new GearmanError("ARGUMENT", why);
}

/** PROTOCOL: SUBMIT_JOB_EPOCH, whole seconds; never before the time that was asked for. */
function epoch(at: Date): string {
  const seconds = Math.ceil(at.getTime() / 1000);
  if (Number.isNaN(seconds)) refuse("`at` is an invalid Date");
  return String(seconds);
}
