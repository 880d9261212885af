import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Exit } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { type Connect, drain } from "./drain.ts";
import { type Judgement, judge } from "./judge.ts";
import type { Ledger } from "./ledger.ts";
import { startHere, toVictim } from "./life.ts";
import type { Scenario } from "./scenarios.ts";
import { FUNCTIONS } from "./script.ts";
import { openRoom } from "./small-disk.ts";
import { DISK_CALLS, type Injection, type Point, pointsIn } from "./strace.ts";
import { Gone } from "./talk.ts";
import { Victim } from "./victim.ts";

/** What a scenario left behind. */
interface Remains {
  readonly exit: Exit;
  readonly output: string;
}

/** What came of a strike. */
export interface Struck extends Judgement {
  readonly exit: Exit;
}

/** Whether after a strike the daemon itself is started, or a server in this process, which is faster. */
export type Afterwards = "daemon" | "here";

const NAME = "data";

/** All places where a scenario can be struck. */
export async function survey(scenario: Scenario): Promise<Point[]> {
  await using folder = new Folder();
  await using room = openRoom();
  const [dir, log] = [join(room.path, NAME), folder.file("log")];
  const { exit, output } = await run(scenario, dir, { files: [], calls: DISK_CALLS, what: "", log });
  if (exit.code !== 0)
    throw new Error(`${scenario.name} without a fault ended with ${exit.code ?? exit.signal}: ${output}`);
  return pointsIn(readFileSync(log, "utf8"), dir);
}

/** Plays the scenario, does `what` at that point and so many calls from there, starts anew on what is left, and judges. */
export async function strike(
  scenario: Scenario,
  point: Point,
  what: string,
  after: Afterwards,
  calls = 1,
): Promise<Struck> {
  await using room = openRoom();
  const dir = join(room.path, NAME);
  const ledger = scenario.before.ledger.copy();
  const { file, call, nth } = point;
  const injection = {
    files: [join(dir, file)],
    calls: [call],
    what,
    when: calls === 1 ? String(nth) : `${nth}..${nth + calls - 1}`,
  };
  const { exit } = await run(scenario, dir, injection, ledger);
  return { exit, ...(await recover(dir, ledger, after)) };
}

/** From the start of the daemon to its end, whoever ends it. */
async function run(
  scenario: Scenario,
  dir: string,
  injection: Injection,
  ledger: Ledger = scenario.before.ledger.copy(),
): Promise<Remains> {
  if (scenario.before.dir !== undefined) cpSync(scenario.before.dir, dir, { recursive: true });
  await using victim = new Victim({ dir, injection });
  return await playOn(victim, scenario, ledger); // not before it is disposed of
}

/** Plays the scenario to its end, or that of the daemon. */
export async function playOn(victim: Victim, scenario: Scenario, ledger: Ledger): Promise<Remains> {
  const connect = toVictim(victim);
  try {
    await scenario.play((name) => connect(ledger, name), ledger);
    await victim.stop();
  } catch (error) {
    if (!(error instanceof Gone)) throw error;
  }
  return { exit: await victim.exited, output: victim.output };
}

/** Starts on what is left, takes all that is there, and judges. */
export async function recover(dir: string, ledger: Ledger, after: Afterwards = "daemon"): Promise<Judgement> {
  const drained = (connect: Connect) => drain(connect, FUNCTIONS);
  if (after === "here") {
    await using here = await startHere(dir);
    return judge(ledger, await drained(here.connect));
  }
  await using victim = new Victim({ dir });
  return judge(ledger, await drained(toVictim(victim)));
}
