import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { LIMIT_FLAGS } from "../../src/cli/flags/limits.ts";
import { FLAG_LIST } from "../../src/cli/flags/table.ts";
import { helpText } from "../../src/cli/help.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { REFERENCE, referenceInstalled } from "../support/reference.ts";

const flags = new Map(FLAG_LIST.map(([name, flag]) => [name as string, flag]));

describe("the flag table", () => {
  it("uses each short form once", () => {
    const shorts = FLAG_LIST.flatMap(([, { short }]) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
  });

  it("has a flag for every limit", () => {
    const limits = Object.keys({ ...DEFAULT_OPTIONS.limits, ...DEFAULT_OPTIONS.transport });
    expect(
      Object.values(LIMIT_FLAGS)
        .map(({ limit }) => limit)
        .sort(),
    ).toEqual(limits.sort());
  });
});

describe("--help", () => {
  const lines = helpText(100).split("\n");

  it("fits on a screen of 60 lines and 100 columns", () => {
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it.each(FLAG_LIST.filter(([, { refused }]) => !refused))("names --%s", (name) => {
    expect(helpText(100)).toContain(name === "v" ? "-v" : `--${name}`);
  });
});

/** `  -b [ --backlog ] arg (=32)   Number of ...`, as gearmand 1.1.20 prints its flags. */
const ROW = /^ {2}(?:-(\w) \[ )?--([\w-]+)(?: \])?( arg)?(?: \(=(.*?)\))?(?: |$)/;

interface ReferenceFlag {
  readonly name: string;
  readonly short: string | undefined;
  readonly argument: boolean;
  readonly value: string | undefined;
}

const referenceFlags = (): readonly ReferenceFlag[] =>
  execFileSync(REFERENCE, ["--help"], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const [match, short, name, argument, value] = ROW.exec(line) ?? [];
      return match && name ? [{ name, short, argument: argument !== undefined, value }] : [];
    });

/** Defaults that differ on purpose; the docs page says why. */
const OTHER_DEFAULTS = [
  "backlog",
  "job-retries",
  "keepalive-idle",
  "keepalive-interval",
  "keepalive-count",
  "log-file",
  "pid-file",
  "worker-wakeup",
];

describe.skipIf(!referenceInstalled)("the flags of gearmand 1.1.20", () => {
  const reference = referenceInstalled ? referenceFlags() : [];

  it("are read from its help", () => expect(reference.length).toBe(49));

  it.each(reference)("--$name: known, with the same short form", ({ name, short, argument }) => {
    expect(flags.get(name)).toBeDefined();
    expect(flags.get(name)?.short).toBe(short);
    expect(flags.get(name)?.argument !== undefined).toBe(argument);
  });

  it.each(reference.filter(({ name }) => !flags.get(name)?.refused && !OTHER_DEFAULTS.includes(name)))(
    "--$name: the same default",
    ({ name, value }) => {
      if (value !== undefined) expect(flags.get(name)?.default).toBe(value);
    },
  );
});
