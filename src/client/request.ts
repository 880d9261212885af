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
}

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
  const { unique = randomUUID(), priority = "normal", at, reducer } = options;
  const background = options.background === true || at !== undefined;
  const args = [toWire("function", name), toWire("unique", unique)];
  const job = { payload, function: name, unique, background };
  if (at !== undefined) return { ...job, packet: "SUBMIT_JOB_EPOCH", args: [...args, epoch(at)] };
  if (reducer === undefined) return { ...job, packet: (background ? BACKGROUND : FOREGROUND)[priority], args };
  // Servers take four arguments, and drop the last, the aggregator.
  const reduceArgs = [...args, toWire("reducer", reducer), ""];
  return { ...job, packet: background ? "SUBMIT_REDUCE_JOB_BACKGROUND" : "SUBMIT_REDUCE_JOB", args: reduceArgs };
}

/** What jobs of a fleet must have in common to meet at one server. */
export function coalescingKey({ function: name, unique, payload }: SubmitRequest): string | Uint8Array {
  if (unique === "-" && !isSizedStream(payload)) return Buffer.concat([Buffer.from(`${name}\0`), payload]);
  return `${name}\0${unique === "" ? randomUUID() : unique}`;
}

function refuseUnspeakable({ at, priority, reducer, background }: SubmitOptions): void {
  if (at !== undefined && background === false)
    throw new GearmanError("ARGUMENT", "a job with `at` is always in the background: leave out `background: false`");
  if (priority === undefined || priority === "normal") return;
  if (at !== undefined) throw new GearmanError("ARGUMENT", "a job with `at` has normal priority: leave out `priority`");
  if (reducer !== undefined)
    throw new GearmanError("ARGUMENT", "a job with a reducer has normal priority: leave out `priority`");
}

/** PROTOCOL: SUBMIT_JOB_EPOCH, whole seconds; never before the time that was asked for. */
function epoch(at: Date): string {
  const seconds = Math.ceil(at.getTime() / 1000);
  if (Number.isNaN(seconds)) throw new GearmanError("ARGUMENT", "`at` is an invalid Date");
  return String(seconds);
}
