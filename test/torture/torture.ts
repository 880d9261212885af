import { setTimeout } from "node:timers/promises";
import { Random } from "../model/random.ts";
import { Folder } from "../support/folder.ts";
import type { Subject } from "./daemon.ts";
import { type Cast, Stage } from "./stage.ts";
import type { Verdict } from "./verdict.ts";

export interface Plan {
  readonly seed: number;
  readonly subject: Subject;
  readonly cycles: number;
  /** The longest that a daemon lives, milliseconds. */
  readonly longest: number;
  /** Whether it goes on after a promise was broken. */
  readonly goesOn?: boolean;
  /** Told after each kill. */
  readonly onVerdict?: (cycle: number, verdict: Verdict) => void;
}

/** The shortest that a daemon lives, milliseconds. */
const SHORTEST = 20;
/** So often the queue is emptied: only then can be seen which jobs are lost. */
const CYCLES_TO_DRAIN = 50;
/** How often nobody works. */
const IDLE = 0.15;
/** How often one more daemon is killed while it starts, and how long that may take, milliseconds. */
const IN_VAIN = 0.1;
const LONGEST_START = 600;
const SUBMITTERS = 8;
const WORKERS = 4;

/** Kills one daemon after the other under load, and judges. If a promise was broken, what is left is kept. */
export async function torture(plan: Plan): Promise<Verdict & { readonly kept?: string }> {
  const folder = new Folder();
  try {
    const verdict = await play(plan, folder);
    if (isBroken(verdict)) return { ...verdict, kept: folder.path };
    await folder[Symbol.asyncDispose]();
    return verdict;
  } catch (cause) {
    throw new Error(`the torture ended early; what is left is in ${folder.path}`, { cause });
  }
}

async function play(
  { seed, subject, cycles, longest, goesOn = false, onVerdict }: Plan,
  folder: Folder,
): Promise<Verdict> {
  const random = new Random(seed);
  await using stage = await Stage.open(subject, folder, seed);
  let cast: Cast = { submitters: SUBMITTERS, workers: WORKERS };
  for (let cycle = 1; ; cycle++) {
    if (random.chance(IN_VAIN)) await stage.startInVain(random.below(LONGEST_START));
    await stage.live(cast, () => setTimeout(SHORTEST + random.below(longest - SHORTEST)));
    if (cycle === cycles || cycle % CYCLES_TO_DRAIN === 0) await stage.drain();
    const verdict = await stage.verdict();
    onVerdict?.(cycle, verdict);
    if (cycle === cycles || (isBroken(verdict) && !goesOn)) return await stage.finish();
    cast = castAfter(cast, random);
  }
}

/** At times nobody works, and then one alone, so that the order can be seen. */
function castAfter({ workers }: Cast, random: Random): Cast {
  const next = random.chance(IDLE) ? 0 : WORKERS;
  return { submitters: SUBMITTERS, workers: workers === 0 ? 1 : next };
}

function isBroken({ violations }: Verdict): boolean {
  return Object.keys(violations).length > 0;
}
