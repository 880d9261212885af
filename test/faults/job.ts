/** A job as it was sent, by which all that comes back is judged. */
export interface SentJob {
  /** A number of its own; the workload begins with it. */
  readonly id: number;
  readonly function: string;
  readonly unique: string;
  readonly reducer: string;
  /** The order of grabbing: high first. */
  readonly priority: "high" | "normal" | "low";
  /** Unix time; 0: at once. */
  readonly epoch: number;
  readonly background: boolean;
  /** Of the workload, bytes. */
  readonly size: number;
}

/** Never reached in a test: the job must be kept, and not be given to anybody. */
export const FAR = 4_000_000_000;

/** A job in the background with nothing special about it, except what is said. */
export const sentJob = (id: number, special: Partial<SentJob> = {}): SentJob => ({
  id,
  function: "f",
  unique: "",
  reducer: "",
  priority: "normal",
  epoch: 0,
  background: true,
  size: 100,
  ...special,
});

const LARGE = 10_000;
const MOST_LARGE = 50;

/** Workloads that take long to make. */
const large = new Map<string, string>();

/** The workload, as latin1: its id, then bytes of all values that never repeat, so that no piece of it can stand for another. */
export function workloadOf({ id, size }: Pick<SentJob, "id" | "size">): string {
  if (size < LARGE) return makeWorkload(id, size);
  const workload = large.get(`${id} ${size}`) ?? makeWorkload(id, size);
  if (large.size < MOST_LARGE) large.set(`${id} ${size}`, workload);
  return workload;
}

function makeWorkload(id: number, size: number): string {
  const bytes = Buffer.alloc(size);
  let state = (id * 0x9e3779b1) | 1;
  for (let at = 0; at + 4 <= size; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state, at);
  }
  bytes.write(`${id}:`.slice(0, size), "latin1");
  return bytes.toString("latin1");
}

/** Which job a workload claims to be of; NaN: of none. */
export const idIn = (workload: string): number => Number.parseInt(/^\d+(?=:)/.exec(workload)?.[0] ?? "", 10);
