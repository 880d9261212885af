import type { Tools } from "../load/tools.ts";
import type { Running } from "../speed/contenders.ts";

/** Queues background jobs of 100 bytes. */
export const fill = async (tools: Tools, { port }: Running, jobs: number, options = ""): Promise<void> =>
  void (await tools.load("submit", port, `-c 8 -d 64 -n ${jobs}${options}`));
