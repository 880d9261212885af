import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barLines, percentOf } from "../../src/cli/gearman/bars.ts";
import { canRun } from "../../src/cli/gearman/find-program.ts";
import { linesOf, withoutLineEnd } from "../../src/cli/gearman/lines.ts";
import { spool } from "../../src/cli/gearman/spool.ts";
import { isSizedStream } from "../../src/link/payload.ts";

async function* chunks(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

const collect = async (input: AsyncIterable<Uint8Array>): Promise<Buffer[]> => {
  const all: Buffer[] = [];
  for await (const chunk of input) all.push(Buffer.from(chunk));
  return all;
};

const lines = async (...texts: string[]): Promise<string[]> =>
  (await collect(linesOf(chunks(...texts.map((text) => Buffer.from(text, "latin1")))))).map((line) =>
    line.toString("latin1"),
  );

describe("lines", () => {
  it("are cut at line ends, wherever the chunks are cut", async () => {
    expect(await lines("a\nb", "c", "\n", "\nd")).toEqual(["a\n", "bc\n", "\n", "d"]);
    expect(await lines()).toEqual([]);
    expect(await lines("", "\n")).toEqual(["\n"]);
  });

  it("are the same bytes, none with more than one line end", async () => {
    const bytes = fc.uint8Array({ maxLength: 20, max: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(bytes), async (parts) => {
        const all = await collect(linesOf(chunks(...parts)));
        expect(Buffer.concat(all)).toEqual(Buffer.concat(parts));
        expect(all.slice(0, -1).every((line) => line.indexOf(10) === line.length - 1)).toBe(true);
        expect(all.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });

  it.each([
    ["a\n", "a"],
    ["a", "a"],
    ["\n", ""],
    ["a\r\n", "a\r"],
  ])("%j without its end: %j", (line, stripped) => {
    expect(withoutLineEnd(Buffer.from(line)).toString()).toBe(stripped);
  });
});

describe("the spool", () => {
  const parts = [Buffer.from("abc"), Buffer.alloc(0), Buffer.from([0, 255]), Buffer.from("de")];
  const whole = Buffer.concat(parts);
  const filesNow = () => readdirSync(tmpdir()).filter((name) => name.startsWith("gearman-ts-"));

  it("keeps little in memory", async () => {
    await using spooled = await spool(chunks(...parts), whole.length);
    expect(spooled.payload).toEqual(whole);
  });

  it("keeps more in a file without a name, which can be read again and by several at once", async () => {
    const before = filesNow();
    await using spooled = await spool(chunks(...parts), whole.length - 1);
    const { payload } = spooled;
    if (!isSizedStream(payload)) throw new Error("in memory");
    expect(payload.size).toBe(whole.length);
    const [first, second] = await Promise.all([collect(payload.open()), collect(payload.open())]);
    expect([Buffer.concat(first), Buffer.concat(second)]).toEqual([whole, whole]);
    expect(filesNow()).toEqual(before);
  });

  it("closes its file when the input breaks off, and when it is disposed of", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    async function* broken() {
      yield Buffer.from("abc");
      throw new Error("broken");
    }
    await expect(spool(broken(), 1)).rejects.toThrow("broken");
    await (await spool(chunks(...parts), 1))[Symbol.asyncDispose]();
    expect(open()).toBe(before);
  });
});

describe("progress", () => {
  it.each([
    [1, 2, 50],
    [2, 3, 66],
    [3, 2, 150],
    [1, 0, 0],
    [0, 0, 0],
  ])("%i of %i: %i%%", (numerator, denominator, percent) => {
    expect(percentOf({ numerator, denominator })).toBe(percent);
  });

  it("bars stand under each other", () => {
    const all = [
      { label: "resize", numerator: 5, denominator: 10 },
      { label: "f", numerator: 200, denominator: 200 },
    ];
    expect(barLines(all, 40)).toEqual([
      "resize [########--------]  50%  5/10",
      "f      [################] 100%  200/200",
    ]);
  });

  it.each([10, 20, 40, 200])("in %i columns, no line is too long, whatever the label", (columns) => {
    const label = "\x1b[2J名前名前".repeat(9);
    const [line = ""] = barLines([{ label, numerator: 7, denominator: 9 }], columns);
    expect(line).not.toContain("\x1b");
    expect([...line].reduce((sum, character) => sum + (character > "\u2e80" ? 2 : 1), 0)).toBeLessThan(columns);
  });

  it("more than all is a full bar", () => {
    expect(barLines([{ label: "f", numerator: 9, denominator: 3 }], 30)[0]).toMatch(/^f \[#+\] 300% {2}9\/3$/);
  });
});

describe("the programs that can be run", () => {
  const path = process.env["PATH"];

  it.each([
    ["sh", path, true],
    ["/bin/sh", "", true],
    ["sh", "", false],
    ["no-such-program", path, false],
    ["/tmp", path, false],
    [new URL(import.meta.url).pathname, path, false],
  ])("%s: %s", (program, folders, can) => expect(canRun(program, folders)).toBe(can));
});

it("is listed among the programs of the package", () => {
  const { bin } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(bin["gearman-ts"]).toBe("bin/gearman-ts.js");
});
