import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../model/random.ts";
import { Folder } from "../support/folder.ts";
import { installed } from "../support/program.ts";
import { differences } from "./image-files.ts";
import { diskAtEnd } from "./power-loss.ts";
import { withoutSyncs } from "./recording.ts";
import { recordSession, type Session } from "./session.ts";
import { tryImages } from "./trial.ts";

const SEED = 4;
const PATIENCE = 600_000;

describe.skipIf(!installed("gcc"))(
  `power losses of the daemon, seed ${SEED}${installed("gcc") ? "" : " (no gcc)"}`,
  () => {
    let folder: Folder;
    let session: Session;
    beforeAll(async () => {
      folder = new Folder();
      session = await recordSession(folder, { seed: SEED, jobs: 400 });
    }, PATIENCE);
    afterAll(() => folder[Symbol.asyncDispose]());

    const trial = { images: 150, seed: SEED, daemonEvery: 75, lanes: 1 };

    it("are tried on all that it does to its files", () => {
      const { root, operations } = session;
      expect(differences(diskAtEnd(root, operations, new Random(SEED)), root)).toEqual([]);
    });

    it("cost no promise", { timeout: PATIENCE }, async () => {
      const { images, owed, violations } = await tryImages(session, trial);
      expect({ images, violations }).toEqual({ images: trial.images, violations: [] });
      expect(owed).toBeGreaterThan(0);
    });

    it("leave it able to start, whenever they come in its first start", { timeout: PATIENCE }, async () => {
      const until = Math.min(...session.chronicle.promises);
      const { images, violations } = await tryImages(session, { ...trial, images: 80, daemonEvery: 40, until });
      expect({ images, violations }).toEqual({ images: 80, violations: [] });
    });

    it.each([
      ["log", "jobs.sqlite-wal"],
      ["directory", "data"],
    ])(
      "would cost some if syncs of the %s did nothing, which shows that the images can tell",
      { timeout: PATIENCE },
      async (_what, name) => {
        const operations = withoutSyncs(session.operations, name);
        const { violations } = await tryImages({ ...session, operations }, { ...trial, images: 40, daemonEvery: 100 });
        expect(violations).not.toEqual([]);
      },
    );
  },
);
