/** Records of a torture, made in few words, and what the judge makes of them. */
import { Judge } from "./judge.ts";
import type { Assigned, Submitted, TortureRecord } from "./records.ts";
import type { Verdict } from "./verdict.ts";

const JOB = { function: "f", unique: "", reducer: "", workload: "w" };
export const LIFE: TortureRecord = { what: "life", workers: 4 };
export const DRAINED: TortureRecord = { what: "drained" };
export const ALONE: TortureRecord = { what: "life", workers: 1 };

export const submitted = (id: number, more: Partial<Submitted> = {}): TortureRecord => {
  const submit = { what: "submitted", id, connection: 1, background: true, priority: "normal", epoch: 0 } as const;
  return { ...submit, ...JOB, ...more };
};
export const acknowledged = (id: number, handle: string): TortureRecord => ({ what: "acknowledged", id, handle });
export const assigned = (handle: string, more: Partial<Assigned> = {}): TortureRecord => {
  return { what: "assigned", connection: 2, handle, at: 1000, ...JOB, ...more };
};
const completed = (handle: string, connection = 2): TortureRecord => {
  return { what: "completed", connection, handle, packet: "WORK_COMPLETE" };
};
export const closed = (connection: number): TortureRecord => ({ what: "closed", connection });
export const barrier = (id: number, connection = 2): TortureRecord => ({ what: "barrier", id, connection });
export const passed = (id: number): TortureRecord => ({ what: "passed", id });
export const refused = (id: number): TortureRecord => ({ what: "refused", id, error: "QUEUE_ERROR" });

/** A submit that was answered. */
export const queued = (id: number, handle: string, more: Partial<Submitted> = {}): TortureRecord[] => [
  submitted(id, more),
  acknowledged(id, handle),
];
/** A worker got it and sent its end. */
export const done = (handle: string, more: Partial<Assigned> = {}): TortureRecord[] => [
  assigned(handle, more),
  completed(handle),
];

export function judge(...records: TortureRecord[]): Verdict {
  const it = new Judge();
  for (const record of [LIFE, ...records, DRAINED]) it.add(record);
  return it.verdict();
}

export const SHARED = { unique: "u" };
export const LATER = { epoch: 2000 };
