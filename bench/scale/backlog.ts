/** A long queue: what its jobs take, what others lose by it, and where it ends. */

import type { Measurement } from "../measurements.ts";
import { besideBacklog } from "./backlog-beside.ts";
import { backlogMemory } from "./backlog-memory.ts";
import type { Ground } from "./ground.ts";
import { refusal } from "./refusal.ts";

export const backlog: Measurement<Ground> = async (ground) => [
  ...(await backlogMemory(ground)),
  ...(await besideBacklog(ground)),
  ...(await refusal(ground)),
];
