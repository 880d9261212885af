import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Limits } from "../core/limits.ts";
import { fileLimit } from "../lib/file-limit.ts";
import type { TransportLimits } from "../transport/options.ts";

/** What a job costs V8's heap at the most, its workload apart: 510 bytes measured, keys of uniques and room to breathe added. */
const HEAP_PER_JOB = 1000;

/** File descriptors kept for logs, stores and the event loop itself. */
const RESERVE = 32;

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

/** The limits with no maxConnections made what the file-descriptor limit of this process allows. */
export function transportThatFits(limits: TransportLimits): TransportLimits {
  return { ...limits, maxConnections: limits.maxConnections || Math.max(1, fileLimit() - RESERVE) };
}

/** Of the container if there is one, else of the machine. Bytes. */
function memory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}
