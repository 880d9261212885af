import type { Packet } from "../link/link.ts";

/** What a server knows of a job. */
export interface JobStatus {
  /** Whether the server has the job. Background jobs that are done are not known any more. */
  readonly known: boolean;
  readonly running: boolean;
  /** As the worker last said with WORK_STATUS. */
  readonly numerator: number;
  readonly denominator: number;
}

export interface UniqueStatus extends JobStatus {
  /** How many clients wait for it. */
  readonly clients: number;
}

/** PROTOCOL: STATUS_RES */
export function jobStatus({ args: [, known, running, numerator, denominator] }: Packet): JobStatus {
  return {
    known: known === "1",
    running: running === "1",
    numerator: Number(numerator),
    denominator: Number(denominator),
  };
}

/** PROTOCOL: STATUS_RES_UNIQUE */
export function uniqueStatus(packet: Packet): UniqueStatus {
  return { ...jobStatus(packet), clients: Number(packet.args[5]) };
}
