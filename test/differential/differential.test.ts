import { afterAll, describe, expect, it } from "vitest";
import { referenceInstalled } from "../support/reference.ts";
import { DIFFERENCES } from "../wire/differences.ts";
import { Differential } from "./differential.ts";
import { RULES } from "./rules.ts";

const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? Date.now() % 2 ** 31);

describe.skipIf(!referenceInstalled)("the same random scripts, to gearmand and to ours", () => {
  const same = new Differential();
  const other = new Differential(["--max-jobs=2"]);
  afterAll(() => Promise.all([same.stop(), other.stop()]));

  it("get the same replies, but for the differences on the list", { timeout: 120_000 }, async () => {
    expect(await same.run({ scripts: 120, seed })).toBeUndefined();
    expect(same.tally.replies).toBeGreaterThan(1000);
  });

  it("find a server that differs", { timeout: 120_000 }, async () => {
    expect(await other.run({ scripts: 1000, seed, shrink: false })).toContain("[ours ?]");
  });
});

describe("the rules", () => {
  it.each(Object.keys(RULES))("%s is on the list of differences", (id) => {
    expect(DIFFERENCES.map((difference) => difference.id)).toContain(id);
  });
});
