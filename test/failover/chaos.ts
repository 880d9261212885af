import { setTimeout } from "node:timers/promises";
import type { Random } from "../model/random.ts";
import { FAULTS, type FaultName } from "./faults.ts";
import type { Verdict } from "./judge.ts";
import { type Cast, Stage } from "./stage.ts";

export interface Drama extends Cast {
  /** Which faults, one after the other; a number: so many by chance. */
  readonly faults: number | readonly FaultName[];
  /** Told before each. */
  readonly onFault?: (fault: FaultName, nth: number) => void;
}

const NAMES = Object.keys(FAULTS) as FaultName[];

/** One thing after the other goes wrong under load; then what the ledger says. */
export async function play(drama: Drama): Promise<Verdict> {
  await using stage = await Stage.open(drama);
  const faults = typeof drama.faults === "number" ? draw(drama, drama.faults, stage.random) : drama.faults;
  for (const [index, fault] of faults.entries()) {
    drama.onFault?.(fault, index + 1);
    await FAULTS[fault].strike(stage, stage.anyServer());
    await setTimeout(stage.random.around(150));
  }
  return await stage.finish();
}

function draw({ workersDie }: Cast, count: number, random: Random): FaultName[] {
  const names = NAMES.filter((name) => workersDie || name !== "worker killed, started anew");
  const lots = names.flatMap((name) => Array.from({ length: FAULTS[name].share }, () => name));
  return Array.from({ length: count }, () => lots[random.below(lots.length)] ?? "connections reset");
}
