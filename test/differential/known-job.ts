/** What a submit makes, as far as the list of differences needs to know it. */
export interface KnownJob {
  readonly handle: string;
  readonly function: string;
  readonly unique: string;
  readonly workload: string;
  /** Under what it coalesces; empty: nothing. */
  readonly key: string;
  /** 0 high, 1 normal, 2 low. */
  readonly priority: number;
  /** For a time that will not come. */
  readonly future: boolean;
  /** A background submit made it or joined it. */
  background: boolean;
  readonly madeInBackground: boolean;
  /** Who waits for it; twice if it joined twice. */
  clients: number[];
  /** Who runs it. */
  worker: number | undefined;
  /** Its last client has left at some time. */
  leftAlone: boolean;
  cancelled: boolean;
}

export const isBackground = (packet: string): boolean => /_BG$|_BACKGROUND$|_EPOCH$/.test(packet);

export const isFuture = (epoch: string): boolean => Number.parseInt(epoch, 10) * 1000 > Date.now();

/** The data of a submit. */
const workload = (args: readonly string[]): string => args.at(-1) ?? "";

/** What a submit coalesces under; the same in both servers. */
export function keyOf(args: readonly string[]): string {
  const [fn, unique = ""] = args;
  if (unique === "" || (unique === "-" && workload(args) === "")) return "";
  return unique === "-" ? `${fn}\0\0${workload(args)}` : `${fn}\0${unique}`;
}

export function priorityOf(packet: string): number {
  if (packet.includes("_HIGH")) return 0;
  return packet.includes("_LOW") ? 2 : 1;
}

export function newJob(handle: string, packet: string, args: readonly string[]): KnownJob {
  const background = isBackground(packet);
  return {
    handle,
    function: args[0] ?? "",
    unique: args[1] ?? "",
    workload: workload(args),
    key: keyOf(args),
    priority: priorityOf(packet),
    future: packet === "SUBMIT_JOB_EPOCH" && isFuture(args[2] ?? ""),
    background,
    madeInBackground: background,
    clients: [],
    worker: undefined,
    leftAlone: false,
    cancelled: false,
  };
}
