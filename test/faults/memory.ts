import { readFileSync } from "node:fs";

/** What a process has in memory, bytes. */
export function residentMemory(pid: number): number {
  const [, kibibytes = ""] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}
