import { describe, expect } from "vitest";
import { gearmanInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, type Result, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { DIFFERENCES, type Ending } from "./differences.ts";
import { gearman, gearmanTs, withWorker } from "./support.ts";

noProgramLeft();

const expected = ({ stdout = "", stderr = /^$/, code }: Ending): Result => ({
  stdout,
  stderr: expect.stringMatching(stderr),
  code,
});

describe.skipIf(!gearmanInstalled)("a client's differences from C's", () => {
  onEachServer([], (server) => {
    withWorker(server);

    for (const { id, shown } of DIFFERENCES) {
      if (shown === undefined) continue;
      test(id, async ({ programs }) => {
        expect(await programs.run(gearman(server(), ...shown.args), shown.input)).toEqual(expected(shown.c));
        expect(await programs.run(gearmanTs(server(), ...shown.args), shown.input)).toEqual(expected(shown.ours));
      });
    }
  });
});
