import { spawnSync } from "node:child_process";

/** The calls by which a process changes or settles what is on disk. */
export const DISK_CALLS = [
  "openat",
  "mkdir",
  "write",
  "pwrite64",
  "writev",
  "fallocate",
  "ftruncate",
  "fdatasync",
  "fsync",
  "rename",
  "unlink",
] as const;
export type DiskCall = (typeof DISK_CALLS)[number];

/** What is to be done to a process. */
export interface Injection {
  /** Only calls that name one of these files, or a descriptor of one. */
  readonly files: readonly string[];
  readonly calls: readonly string[];
  /** As strace has it: `signal=KILL`, `error=EIO`, `delay_enter=2000000`; empty: it is only watched. */
  readonly what: string;
  /** Which of the calls, counted per thread: `7` the seventh, `7+` all from there. */
  readonly when?: string | undefined;
  /** Where strace writes the calls. */
  readonly log?: string | undefined;
  /** Which calls are written there, if not only those. */
  readonly watched?: readonly string[];
}

/** Strace as a grandchild: the process that is started is the one that is watched. */
export function straceCommand({ files, calls, what, when, log, watched = calls }: Injection): string[] {
  const inject = `inject=${calls.join(",")}:${what}${when === undefined ? "" : `:when=${when}`}`;
  // Only the calls in question stop the process; but then no signal can be injected.
  const seccomp = what.startsWith("signal=") ? [] : ["--seccomp-bpf"];
  return [
    ...["strace", "-D", "-f", "-q", "-e", "signal=none", ...seccomp, "-e", `trace=${watched.join(",")}`],
    ...(log === undefined ? ["-o", "/dev/null"] : ["-o", log, "-ttt", "-y", "-s", "5000"]),
    ...files.flatMap((file) => ["-P", file]),
    ...(what === "" ? [] : ["-e", inject]),
    "--",
  ];
}

/** Why nothing can be injected here; undefined: it can. */
export function whyNoStrace(): string | undefined {
  const { error, status } = spawnSync("strace", ["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
  if (error !== undefined) return "strace is not installed";
  return status === 0 ? undefined : "strace may not trace here";
}

/** A place where a process can be struck. */
export interface Point {
  /** The name in the data directory; empty: the directory itself. */
  readonly file: string;
  readonly call: DiskCall;
  readonly nth: number;
}

const LINE = /^(?<thread>\d+) +[\d.]+ (?<call>\w+)\((?<rest>.*)$/;

/** All places in a log where the process can be struck: for each file and call as many as its busiest thread has. */
export function pointsIn(log: string, dir: string): Point[] {
  const counts = new Map<string, number>();
  for (const line of log.split("\n")) {
    const { thread, call, rest = "" } = LINE.exec(line)?.groups ?? {};
    const at = rest.indexOf(dir);
    if (at < 0) continue;
    const file = /^\/?([^>",/]*)/.exec(rest.slice(at + dir.length))?.[1] ?? "";
    const key = `${file} ${call} ${thread}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return expand(counts);
}

function expand(counts: ReadonlyMap<string, number>): Point[] {
  const most = new Map<string, number>();
  for (const [key, count] of counts) {
    const place = key.slice(0, key.lastIndexOf(" "));
    most.set(place, Math.max(most.get(place) ?? 0, count));
  }
  return [...most].flatMap(([place, count]) => {
    const [file = "", call = ""] = place.split(" ");
    return Array.from({ length: count }, (_, index) => ({ file, call: call as DiskCall, nth: index + 1 }));
  });
}
