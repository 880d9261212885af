import type { Priority } from "../../src/core/types.ts";
import type { PacketName } from "../../src/protocol/packets.ts";
import { Peer } from "../support/peer.ts";

/** A background job as a client sends it and a worker gets it; bytes as latin1. */
export interface Sent {
  readonly fn: string;
  readonly unique: string;
  readonly workload: string;
  readonly priority: Priority;
  /** Seconds; undefined: SUBMIT_JOB*_BG without one. */
  readonly epoch?: number;
}

export const sent = (fn: string, unique: string, workload: string, priority: Priority = 1, epoch?: number): Sent => ({
  fn,
  unique,
  workload,
  priority,
  ...(epoch === undefined ? {} : { epoch }),
});

const SUBMITS = ["SUBMIT_JOB_HIGH_BG", "SUBMIT_JOB_BG", "SUBMIT_JOB_LOW_BG"] as const satisfies readonly PacketName[];

/** Submits them one after the other; the handles, each of which says that its job is acknowledged. */
export async function submit(port: number, jobs: readonly Sent[]): Promise<string[]> {
  await using client = await Peer.connect(port);
  const handles: string[] = [];
  for (const { fn, unique, workload, priority, epoch } of jobs) {
    if (epoch === undefined) client.send(SUBMITS[priority], fn, unique, workload);
    else client.send("SUBMIT_JOB_EPOCH", fn, unique, String(epoch), workload);
    const [handle = ""] = await client.packet("JOB_CREATED");
    handles.push(handle);
  }
  return handles;
}

export interface Got {
  readonly handle: string;
  readonly fn: string;
  readonly unique: string;
  readonly workload: string;
}

/** Grabs and completes so many jobs of a function, and waits until the server has heard of it. */
export async function work(port: number, fn: string, count: number): Promise<Got[]> {
  await using worker = await Peer.connect(port);
  worker.send("CAN_DO", fn);
  const got: Got[] = [];
  for (let n = 0; n < count; n++) {
    worker.send("GRAB_JOB_UNIQ");
    const [handle = "", name = "", unique = "", workload = ""] = await worker.packet("JOB_ASSIGN_UNIQ");
    got.push({ handle, fn: name, unique, workload });
    worker.send("WORK_COMPLETE", handle, "");
  }
  await worker.handled();
  return got;
}

/** Whether a worker of that function is told that there is nothing for it. */
export async function nothingFor(port: number, fn: string): Promise<boolean> {
  await using worker = await Peer.connect(port);
  worker.send("CAN_DO", fn);
  worker.send("GRAB_JOB_UNIQ");
  await worker.packet("NO_JOB");
  return true;
}

/** The order in which a function's jobs are handed out. */
export const inTurn = (jobs: readonly Sent[]): Sent[] => [...jobs].sort((one, other) => one.priority - other.priority);

/** What of a job its worker sees. */
export const seen = ({ fn, unique, workload }: Sent | Got) => ({ fn, unique, workload });
