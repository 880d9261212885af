import fc from "fast-check";
import { script } from "./generator.ts";
import { Pair } from "./pair.ts";
import { Mismatch, Play } from "./play.ts";
import type { Script } from "./script.ts";
import { ServerGone } from "./side.ts";
import { newTally, type Tally } from "./tally.ts";

/** Timeouts of CAN_DO_TIMEOUT are a second at the least: a script that takes longer is not compared. Milliseconds. */
const TOO_SLOW = 900;
/** How often a script must differ to count. */
const ATTEMPTS = 3;

/** Random scripts against both servers. */
export class Differential {
  readonly tally: Tally = newTally();
  readonly #pairs: Map<string, Pair> = new Map();

  /** Plays that many scripts. Undefined: nothing differed but what is on the list; else the smallest script that does, and how. */
  async run(scripts: number, seed: number): Promise<string | undefined> {
    const outcome = await fc.check(
      fc.asyncProperty(script, (drawn) => this.play(drawn)),
      { numRuns: scripts, seed, endOnFailure: false, maxSkipsPerRun: scripts },
    );
    if (!outcome.failed) return undefined;
    const why =
      outcome.errorInstance instanceof Error ? outcome.errorInstance : new Error(String(outcome.errorInstance));
    return [`seed ${seed}, path ${outcome.counterexamplePath}`, why instanceof Mismatch ? why.message : why.stack].join(
      "\n",
    );
  }

  /** Plays one script; throws a Mismatch if the servers differ each time. */
  async play(drawn: Script): Promise<void> {
    this.tally.scripts++;
    for (let attempt = 1; ; attempt++) {
      const began = performance.now();
      try {
        await this.#pair(drawn.flags).run((reference, ours) => new Play(reference, ours, this.tally).run(drawn));
        return;
      } catch (error) {
        if (error instanceof ServerGone) this.tally.endedReference++;
        if (error instanceof ServerGone || !(error instanceof Mismatch)) throw error;
        if (performance.now() - began > TOO_SLOW) return;
        if (attempt === ATTEMPTS) throw error;
        this.tally.unsteady++;
      }
    }
  }

  async stop(): Promise<void> {
    for (const pair of this.#pairs.values()) await pair.stop();
  }

  #pair(flags: readonly string[]): Pair {
    const key = flags.join(" ");
    const pair = this.#pairs.get(key) ?? new Pair(flags, this.tally);
    this.#pairs.set(key, pair);
    return pair;
  }
}
