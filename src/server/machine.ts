import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Limits } from "../core/limits.ts";
import { fileLimit } from "../lib/file-limit.ts";
import type { TransportLimits } from "../transport/options.ts";

const MiB = 1024 ** 2;

/** The young generation, which V8 counts as part of its limit, but where nothing lasts: three semi-spaces of 16 MiB. Bytes. */
const YOUNG = 48 * MiB;
/** What the server's own code and buffers cost: 7 MiB measured, and room for V8 to work in. */
const OWN = 16 * MiB;
/** However small the heap is, the server has this much to serve with. */
const LEAST = 4 * MiB;
/** What a job costs V8's heap at the most, larger workloads apart: 670 bytes measured with a client that waits, and room to breathe. */
const HEAP_PER_JOB = 840;
/** The same for a connection: 3460 bytes measured. */
const HEAP_PER_CONNECTION = 4000;
/** The same for a function that a worker offers: 160 bytes measured. */
const HEAP_PER_ABILITY = 200;
/** The same for a function: 1,500 bytes measured. */
const HEAP_PER_FUNCTION = 1900;
/** More are not meant to be, however large the heap is. */
const MOST_FUNCTIONS = 100_000;
/** Of the heap, connections have this part at the most. */
const CONNECTIONS_PART = 1 / 4;
/** Functions this one. */
const FUNCTIONS_PART = 1 / 8;
/** And what workers offer this one. */
const ABILITIES_PART = 1 / 8;

/** File descriptors kept for logs, stores and the event loop itself. */
const RESERVE = 32;

type Limited = { readonly limits: Limits; readonly transport: TransportLimits };

/**
 * The limits with their zeros made what this process can hold, so that a flood of jobs or of connections is refused before its memory
 * is gone.
 *
 * @param heapLimit V8's limit, bytes
 * @param files that may be open
 */
export function limitsThatFit(
  given: Limited,
  heapLimit = getHeapStatistics().heap_size_limit,
  files = fileLimit(),
): Limited {
  const heap = Math.max(LEAST, heapLimit - YOUNG - OWN);
  const connections = roomFor(
    given.transport.maxConnections,
    heap * CONNECTIONS_PART,
    HEAP_PER_CONNECTION,
    files - RESERVE,
  );
  const functions = roomFor(given.limits.maxFunctions, heap * FUNCTIONS_PART, HEAP_PER_FUNCTION, MOST_FUNCTIONS);
  const abilities = roomFor(given.limits.maxAbilitiesInAll, heap * ABILITIES_PART, HEAP_PER_ABILITY);
  const jobs = Math.floor((heap - connections.bytes - functions.bytes - abilities.bytes) / HEAP_PER_JOB);
  return {
    limits: {
      ...given.limits,
      maxJobs: given.limits.maxJobs || jobs,
      maxWaits: given.limits.maxWaits || jobs,
      maxJobBytes: given.limits.maxJobBytes || Math.floor(memory() / 2),
      maxFunctions: functions.count,
      maxAbilitiesInAll: abilities.count,
    },
    transport: { ...given.transport, maxConnections: connections.count },
  };
}

/** How many there may be, the asked number or what a part of the heap can hold; and what they take of that part at the most. */
function roomFor(
  asked: number,
  part: number,
  each: number,
  most = Number.POSITIVE_INFINITY,
): { count: number; bytes: number } {
  const count = asked || Math.max(1, Math.min(Math.floor(part / each), most));
  return { count, bytes: Math.min(part, count * each) };
}

/** Of the container if there is one, else of the machine. Bytes. */
function memory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}
