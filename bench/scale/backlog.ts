/** A long queue: what its jobs take, what others lose by it, and where it ends. */
import { besideBacklog } from "./backlog-beside.ts";
import { backlogMemory } from "./backlog-memory.ts";
import type { Measurement } from "./ground.ts";
import { refusal } from "./refusal.ts";

export const backlog: Measurement = async (ground) => [
  ...(await backlogMemory(ground)),
  ...(await besideBacklog(ground)),
  ...(await refusal(ground)),
];
