import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type Flag, rowsOf } from "../../src/cli/flags/flag.ts";
import { EXIT_STATUS } from "../../src/cli/gearman/exit-status.ts";
import { FLAGS } from "../../src/cli/gearman/flags.ts";
import { helpText } from "../../src/cli/gearman/help.ts";
import { VERSION } from "../../src/lib/version.ts";
import { gearmanInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { gearmanTs } from "./support.ts";

noProgramLeft();

const rows = rowsOf(FLAGS);

describe("the flag table", () => {
  it("uses each short form once", () => {
    const shorts = rows.flatMap(([, { short }]) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
  });

  it("has each exit status once", () => {
    const codes = Object.values(EXIT_STATUS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

/** `	-t <timeout>  - Timeout in milliseconds` */
const ROW = /^\t-(\w)( <\w+>)? +- /gm;

describe.skipIf(!gearmanInstalled)("the flags of gearman 1.1.20", () => {
  const help = spawnSync("gearman", ["-H"], { encoding: "utf8" });
  const theirs = [...`${help.stdout}${help.stderr}`.matchAll(ROW)].map(([, short = "", argument]) => ({
    short,
    argument: argument !== undefined,
  }));

  it("are read from its help", () => expect(new Set(theirs.map(({ short }) => short)).size).toBe(18));

  it.each(theirs)("-$short: known, with or without an argument as there", ({ short, argument }) => {
    const ours = rows.find(([, flag]) => flag.short === short)?.[1] as Flag | undefined;
    expect(ours?.argument !== undefined).toBe(argument);
    expect(ours?.ours).toBeUndefined();
  });
});

describe("-H", () => {
  it.each(rows.map(([name]) => name))("names --%s", (name) => expect(helpText(100)).toContain(`--${name}`));

  it.each(Object.values(EXIT_STATUS))("tells of exit status $code", ({ code, when }) => {
    expect(helpText(100)).toContain(`${code}  ${when}`);
  });

  test.for(["-H", "--help"])("%s prints it, whatever else is there", async (flag, { programs }) => {
    expect(await programs.run(gearmanTs(undefined, flag, "-b"))).toEqual({ stdout: helpText(80), stderr: "", code: 0 });
  });

  test.for(["-V", "--version"])("%s prints the version", async (flag, { programs }) => {
    const result = await programs.run(gearmanTs(undefined, flag));
    expect(result).toEqual({ stdout: `gearman-ts ${VERSION}\n`, stderr: "", code: 0 });
  });
});

test("what is no flag, is told with what to do next", async ({ programs }) => {
  const refused = { stdout: "", stderr: "gearman-ts: unrecognised option '--nope'; --help lists the flags\n", code: 2 };
  expect(await programs.run(gearmanTs(undefined, "--nope"))).toEqual(refused);
});
