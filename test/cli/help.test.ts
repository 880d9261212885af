import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { helpPage } from "../../src/cli/flags-help.ts";
import { helpText as gearadmin } from "../../src/cli/gearadmin/help.ts";
import { helpText as gearman } from "../../src/cli/gearman/help.ts";
import { helpText as gearmand } from "../../src/cli/help.ts";
import { terminal } from "../gearadmin/support.ts";
import { builtProgram } from "../support/built.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { installed } from "../support/program.ts";

noProgramLeft();

const HELPS = [
  ["gearmand-ts", gearmand],
  ["gearman-ts", gearman],
  ["gearadmin-ts", gearadmin],
] as const;

describe.each(HELPS)("the help of %s", (name, help) => {
  /** The path of the docs is as long as it is. */
  const lines = (columns: number) =>
    help(columns)
      .replace(/\S+\.md/, "")
      .split("\n");

  it.each([60, 80, 100])("fits into %d columns", (columns) => {
    expect(lines(columns).filter(({ length }) => length > columns)).toEqual([]);
  });

  it("says the same, however wide", () => {
    const words = (columns: number) => help(columns).split(/\s+/);
    expect(words(60)).toEqual(words(100));
  });

  it("ends with the path of a page that exists", () => {
    const [path = ""] = /\S+\.md(?=\n$)/.exec(help(80)) ?? [];
    expect(existsSync(path)).toBe(true);
  });

  test.skipIf(!installed("script")).for([
    [72, 72],
    [300, 100],
  ] as const)("on a terminal of %d columns it has %d", async ([columns, used], { programs }) => {
    const { stdout } = await programs.run(
      terminal(`'${process.execPath}' '${builtProgram(name)}' --help`, {}, columns),
    );
    expect(stdout.replaceAll("\r", "")).toBe(help(used));
  });
});

describe("a line that is folded", () => {
  const page = (line: string) => helpPage([line], 20);

  it.each([
    ["no longer than 20", "no longer than 20\n"],
    ["  -f  all of the words here", "  -f  all of the\n      words here\n"],
    ["Limits: --one --two --three", "Limits: --one --two\n  --three\n"],
    ["see a-word-that-is-much-too-long", "see\n  a-word-that-is-much-too-long\n"],
    ["", "\n"],
  ])("%j", (line, expected) => expect(page(line)).toBe(expected));
});
