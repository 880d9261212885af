import fc from "fast-check";
import { Mismatch } from "./comparison.ts";
import { script } from "./generator.ts";
import { Pair } from "./pair.ts";
import { Play } from "./play.ts";
import type { Script } from "./script.ts";
import { ServerGone } from "./side.ts";
import { newTally, type Tally } from "./tally.ts";

/** Timeouts of CAN_DO_TIMEOUT are a second at the least: a script that takes longer is not compared. Milliseconds. */
const TOO_SLOW = 900;
/** How often a script must differ to count. */
const ATTEMPTS = 3;

export interface Draw {
  readonly scripts: number;
  readonly seed: number;
  /** Where among the scripts of the seed; as a failure prints it. */
  readonly path?: string;
  /** Whether a failing script is made as small as it gets. */
  readonly shrink?: boolean;
}

/** Random scripts, played on both servers. */
export class Differential {
  readonly tally: Tally = newTally();
  readonly #ours: readonly string[];
  readonly #pairs: Map<string, Pair> = new Map();

  /** @param ours flags for our server only: a test of the test */
  constructor(ours: readonly string[] = []) {
    this.#ours = ours;
  }

  /** Plays that many scripts. Undefined: nothing differed but what is on the list. Else a script that does, as a transcript. */
  async run({ scripts, seed, path = "", shrink = true }: Draw): Promise<string | undefined> {
    const same = fc.asyncProperty(script, (drawn) => this.#play(drawn));
    const outcome = await fc.check(same, { numRuns: scripts, seed, path, endOnFailure: !shrink });
    if (!outcome.failed) return undefined;
    const error = outcome.errorInstance;
    const what = error instanceof Mismatch ? error.message : error instanceof Error ? error.stack : error;
    return `seed ${seed}, path ${outcome.counterexamplePath}\n${what}`;
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs.values()) await pair.stop();
  }

  /** Throws a Mismatch if the servers differ each time that the script is played. */
  async #play(drawn: Script): Promise<void> {
    this.tally.scripts++;
    for (let attempt = 1; ; attempt++) {
      const began = performance.now();
      try {
        return await this.#pair(drawn.flags).run((reference, ours) => new Play(reference, ours, this.tally).run(drawn));
      } catch (error) {
        if (this.#excuses(error, performance.now() - began)) return;
        if (!(error instanceof Mismatch) || attempt === ATTEMPTS) throw error;
        this.tally.unsteady++;
      }
    }
  }

  #excuses(error: unknown, took: number): boolean {
    const ended = error instanceof ServerGone && error.which === "reference";
    const slow = error instanceof Mismatch && took > TOO_SLOW;
    this.tally.endedReference += Number(ended);
    this.tally.slow += Number(slow);
    return ended || slow;
  }

  #pair(flags: readonly string[]): Pair {
    const key = flags.join(" ");
    const pair = this.#pairs.get(key) ?? new Pair(flags, this.#ours, this.tally);
    this.#pairs.set(key, pair);
    return pair;
  }
}
