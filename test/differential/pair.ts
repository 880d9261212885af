import { memory } from "../wire/memory-target.ts";
import type { RunningTarget, Target } from "../wire/run.ts";
import { gearmand } from "../wire/targets.ts";
import { ServerGone, Side, type Which } from "./side.ts";
import type { Tally } from "./tally.ts";

/** Handles of both begin alike. */
const COMMON_FLAGS = ["--job-handle-prefix=H:d"];
/** gearmand wakes all sleepers unless told otherwise; ours as many as are needed unless told so. */
const OUR_FLAGS = ["--worker-wakeup=0"];

/** gearmand and our server, started alike. Many scripts are played on them; each begins with no functions and no jobs. */
export class Pair {
  readonly #flags: readonly string[];
  readonly #ourFlags: readonly string[];
  readonly #tally: Tally;
  #reference: RunningTarget | undefined;
  #ours: RunningTarget | undefined;

  /** @param ours more flags for our server only */
  constructor(flags: readonly string[], ours: readonly string[], tally: Tally) {
    this.#flags = [...COMMON_FLAGS, ...flags];
    this.#ourFlags = [...OUR_FLAGS, ...ours];
    this.#tally = tally;
  }

  /** Runs `play` on both; then what it left is cleared away. */
  async run(play: (reference: Side, ours: Side) => Promise<void>): Promise<void> {
    this.#reference ??= await this.#start(gearmand, []);
    this.#ours ??= await this.#start(memory, this.#ourFlags);
    const reference = await Side.connect("reference", this.#reference);
    const ours = await Side.connect("ours", this.#ours);
    let played = false;
    try {
      await play(reference, ours);
      played = true;
    } finally {
      const cleared = await Promise.all([reference, ours].map((side) => played && clear(side)));
      reference.destroy();
      ours.destroy();
      if (!cleared[0]) await this.#drop("reference");
      if (!cleared[1]) await this.#drop("ours");
    }
  }

  async stop(): Promise<void> {
    await this.#drop("reference");
    await this.#drop("ours");
  }

  #start(target: Target, flags: readonly string[]): Promise<RunningTarget> {
    this.#tally.restarts++;
    return target.start([...this.#flags, ...flags]);
  }

  async #drop(which: Which): Promise<void> {
    const server = which === "reference" ? this.#reference : this.#ours;
    if (which === "reference") this.#reference = undefined;
    else this.#ours = undefined;
    await server?.stop();
  }
}

/** Ends the connections, cancels all jobs, drops all functions; false when something is left. */
async function clear(side: Side): Promise<boolean> {
  try {
    for (const on of side.connections) {
      await side.end(on);
      side.forget(on);
    }
    const { jobs, functions } = (await side.tables())();
    await side.ask([...jobs.keys()].map((handle) => `cancel job ${handle}\r\n`).join(""));
    if (jobs.size > 0) await takeAll(side, [...functions.keys()]);
    if ((await side.tables())().jobs.size > 0) return false; // functions with jobs must not be dropped
    await side.ask([...functions.keys()].map((name) => `drop function ${name}\r\n`).join(""));
    return (await side.tables())().functions.size === 0;
  } catch (error) {
    if (error instanceof ServerGone) return false;
    throw error;
  }
}

/** gearmand forgets a cancelled job when a worker comes by. */
async function takeAll(side: Side, functions: readonly string[]): Promise<void> {
  const request = (packet: "CAN_DO" | "GRAB_JOB", ...args: string[]) => ({ packet, args, magic: "REQ" as const });
  await side.open(0);
  await side.send(0, [...functions.map((name) => request("CAN_DO", name)), request("GRAB_JOB")]);
  await side.end(0);
  side.forget(0);
}
