import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Judgement } from "../faults/judge.ts";
import type { Ledger } from "../faults/ledger.ts";
import { Random } from "../model/random.ts";
import { writeImage } from "./image-files.ts";
import { moments, type Style, type Wreck, wrecks } from "./power-loss.ts";
import { daemon, inProcess, recover } from "./recovery.ts";
import type { Session } from "./session.ts";

export interface Trial {
  readonly images: number;
  readonly seed: number;
  /** The daemon itself is started on every so many'th image; on the others a server in this process, which is faster. */
  readonly daemonEvery: number;
  /** The power is lost before that moment; else at any. */
  readonly until?: number;
  /** How many images are tried at a time. */
  readonly lanes: number;
  /** Images on which a promise was not kept are left in this folder. */
  readonly keep?: string | undefined;
  readonly onImage?: (count: number) => void;
}

export interface Verdict {
  readonly images: number;
  /** How many images were of which kind. */
  readonly styles: Readonly<Partial<Record<Style, number>>>;
  /** Jobs that were acknowledged, had not come to an end, and had to be there: over all images. */
  readonly owed: number;
  /** Jobs that were there again though their end had been sent: it was not yet known to be stored. */
  readonly repeats: number;
  /** Jobs that were there though nobody had been told so yet. */
  readonly unanswered: number;
  /** What was promised and not kept; empty is good. */
  readonly violations: readonly string[];
}

/** Images are written there: they need no real disk. */
const IMAGES = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Cuts the power at many moments of a session, starts on what the disk then holds, and judges by what was known at that moment. */
export async function tryImages(session: Session, trial: Trial): Promise<Verdict> {
  const { until = Number.POSITIVE_INFINITY } = trial;
  const operations = session.operations.filter(({ ended }) => ended < until);
  const promises = session.chronicle.promises.filter((promise) => promise < until);
  const chosen = moments(operations, promises, trial.images, new Random(trial.seed));
  const tally = new Tally(trial.onImage);
  await Promise.all(
    Array.from({ length: trial.lanes }, (_, lane) => {
      const own = chosen.filter((_moment, nth) => nth % trial.lanes === lane);
      return tryLane(session, trial, own, new Random(trial.seed + lane), tally);
    }),
  );
  return tally;
}

async function tryLane(session: Session, trial: Trial, moments: number[], random: Random, tally: Tally): Promise<void> {
  const folder = mkdtempSync(join(IMAGES, "power-loss-"));
  const ledgerAt = session.chronicle.replay();
  let nth = 0;
  for (const wreck of wrecks(session.root, session.operations, moments, random)) {
    const ledger = ledgerAt(wreck.moment);
    writeImage(wreck.image, session.root, folder);
    const start = ++nth % trial.daemonEvery === 0 ? daemon : inProcess;
    const judgement = await recover(start, join(folder, session.data), ledger);
    tally.add(wreck, ledger, judgement);
    if (trial.keep !== undefined && judgement.violations.length > 0)
      writeImage(wreck.image, session.root, join(trial.keep, `${wreck.moment}`));
  }
  rmSync(folder, { recursive: true });
}

class Tally implements Verdict {
  images = 0;
  readonly styles: Partial<Record<Style, number>> = {};
  owed = 0;
  repeats = 0;
  unanswered = 0;
  readonly violations: string[] = [];
  readonly #onImage: ((count: number) => void) | undefined;

  constructor(onImage: ((count: number) => void) | undefined) {
    this.#onImage = onImage;
  }

  add({ moment, style }: Wreck, ledger: Ledger, { violations, repeats, unanswered }: Judgement): void {
    this.styles[style] = (this.styles[style] ?? 0) + 1;
    this.owed += [...ledger.open()].length;
    this.repeats += repeats;
    this.unanswered += unanswered;
    this.violations.push(...violations.map((violation) => `at ${moment}, ${style} of the unsynced kept: ${violation}`));
    this.images++;
    this.#onImage?.(this.images);
  }
}
