import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Limits } from "../core/limits.ts";

/** What a job costs V8's heap at the most, its workload apart: 510 bytes measured, keys of uniques and room to breathe added. */
const HEAP_PER_JOB = 1000;

/** The limits with their zeros made what the memory of this process allows, so that a flood of jobs is refused before it is gone. */
export function limitsThatFit(limits: Limits): Limits {
  const jobs = Math.floor(getHeapStatistics().heap_size_limit / HEAP_PER_JOB);
  return {
    ...limits,
    maxJobs: limits.maxJobs || jobs,
    maxWaits: limits.maxWaits || jobs,
    maxJobBytes: limits.maxJobBytes || Math.floor(memory() / 2),
  };
}

/** Of the container if there is one, else of the machine. Bytes. */
function memory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}
