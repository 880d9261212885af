import type { PacketName } from "../../src/protocol/packets.ts";

export type Priority = "high" | "normal" | "low";

/** All of a job that a worker sees. */
export interface Likeness {
  readonly function: string;
  readonly unique: string;
  /** Empty without one. */
  readonly reducer: string;
  /** Hash of the workload. */
  readonly workload: string;
}

/** A submit as it is written down before its packet leaves. */
export interface Submitted extends Likeness {
  readonly what: "submitted";
  /** Of this submit alone. */
  readonly id: number;
  readonly connection: number;
  readonly background: boolean;
  readonly priority: Priority;
  /** Unix seconds; 0 for a job that is due at once. */
  readonly epoch: number;
}

/** A job as a worker got it. */
export interface Assigned extends Likeness {
  readonly what: "assigned";
  readonly connection: number;
  readonly handle: string;
  /** Wall clock, Unix seconds with a fraction. */
  readonly at: number;
}

/** A line in the ledger. One process writes them all, so their order is that in which it sent and received. */
export type TortureRecord =
  /** A daemon was started on what the one before it left; all earlier connections are gone. */
  | { readonly what: "life"; readonly workers: number }
  | Submitted
  /** JOB_CREATED came. */
  | { readonly what: "acknowledged"; readonly id: number; readonly handle: string }
  /** ERROR came. */
  | { readonly what: "refused"; readonly id: number; readonly error: string }
  | Assigned
  /** WORK_COMPLETE or WORK_FAIL, written down before it leaves: both are final. */
  | { readonly what: "completed"; readonly connection: number; readonly handle: string; readonly packet: PacketName }
  /** A worker asked on its connection to hear when all before is durable: a barrier, then ECHO_REQ. */
  | { readonly what: "barrier"; readonly id: number; readonly connection: number }
  /** ECHO_RES to it came. */
  | { readonly what: "passed"; readonly id: number }
  | { readonly what: "closed"; readonly connection: number }
  /** The daemon said that it has no job left. */
  | { readonly what: "drained" };
