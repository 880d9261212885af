import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/index.ts";
import { escapeBlanks, escapeControls } from "../../src/lib/escape.ts";
import { Siege } from "../support/hostile-peers.ts";
import { encode } from "../support/wire.ts";

const unescaped = (text: string): string =>
  text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Names with what forges rows, columns and escapes, and with any byte. */
const piece = fc.constantFrom(
  "\n",
  "\t",
  "\r",
  " ",
  ".",
  "\\",
  "\\x",
  "\\x0",
  "\\x0a",
  "\\X0A",
  "0a",
  "\x7f",
  "\xff",
  "f\t9\t9\t9\n",
);
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const anyName = fc.array(fc.oneof(piece, byte), { maxLength: 12 }).map((parts) => parts.join(""));

describe("escaping", () => {
  it.each([
    ["controls", escapeControls, /[\x00-\x1f\x7f]/],
    ["blanks", escapeBlanks, /[\x00-\x20\x7f]/],
  ])("%s: parses back exactly, and nothing of the kind is left", (_what, escaped, kind) => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(unescaped(escaped(name))).toBe(name);
        expect(escaped(name)).not.toMatch(kind);
      }),
      { numRuns: 10_000 },
    );
  });

  it("leaves usual names alone", () => {
    for (const name of ["reverse", "a b", "C:\\xylophone", "\\", "été", "日本"])
      expect(escapeControls(name)).toBe(name);
  });
});

const NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "0",
  "12",
  "-1",
  "status",
  "\n",
  "\t",
  "f\t9\t9\t9\n.",
  "a b",
  "\x7f\xff",
  ".",
  "",
];

test("names can be anything and stay apart; no row or column is forged", async () => {
  await using siege = await Siege.begin();
  const peer = siege.peer();
  for (const name of NAMES) {
    expect(await peer.ask("CAN_DO", name)).toEqual([]);
    expect(await peer.ask("SUBMIT_JOB_BG", name, `u${name}`, `for ${name}`)).toEqual([
      expect.stringMatching(/^JOB_CREATED /),
    ]);
  }
  await peer.ask("SET_CLIENT_ID", "id\n9 9.9.9.9 forged : f");
  const rows = (await peer.type("status")).join().split("\n");
  expect(rows.splice(-2)).toEqual([".", ""]);
  const honest = rows.filter((row) => row.startsWith("honest\t"));
  expect(rows.length - honest.length).toBe(NAMES.length);
  const shown = rows.filter((row) => !honest.includes(row)).map((row) => row.split("\t"));
  for (const columns of shown) expect(columns.slice(1)).toEqual(["1", "0", "1"]);
  expect(shown.map(([name = ""]) => unescaped(name)).sort()).toEqual([...NAMES].sort());
  const uniques = (await peer.type("show unique jobs")).join().split("\n").slice(0, -2);
  const ours = uniques.filter((unique) => unique !== "").map(unescaped);
  expect(ours.sort()).toEqual(NAMES.map((name) => `u${name}`).sort());
  const workers = (await peer.type("workers")).join().split("\n").slice(0, -2);
  const columns = workers.map((row) => row.split(" ")).find(([, , id]) => id?.startsWith("id"));
  expect(columns?.slice(4).map(unescaped).sort()).toEqual([...NAMES].sort());
  expect(workers.length).toBe(3);
  for (let job = 0; job < NAMES.length; job++) {
    const [assigned] = await peer.ask("GRAB_JOB");
    const [, handle = "", ...rest] = assigned?.split(" ") ?? [];
    const text = rest.join(" ");
    expect(text).toBe(`${text.slice(0, (text.length - 5) / 2)} for ${text.slice(0, (text.length - 5) / 2)}`);
    await peer.ask("WORK_COMPLETE", handle, "");
  }
});

test("a flood of function names: empty ones are forgotten, names in use are refused beyond the limit", async () => {
  const limits = { ...DEFAULT_LIMITS, maxFunctions: 50, maxIdleFunctions: 20 };
  await using siege = await Siege.begin({ limits });
  const [peer, churn] = [siege.peer(), siege.peer()];
  for (let name = 0; name < 1000; name++)
    churn.wire.send(encode("CAN_DO", [`idle ${name}`]) + encode("CANT_DO", [`idle ${name}`]));
  expect(await churn.heard()).toEqual([]);
  expect(siege.now.functions).toBeLessThanOrEqual(22);
  for (let name = 0; name < 60; name++) peer.wire.send(encode("CAN_DO", [`used ${name}`]));
  const answers = await peer.heard();
  expect(siege.now.functions).toBe(50);
  expect(answers.length).toBe(11);
  expect(new Set(answers)).toEqual(new Set(["ERROR QUEUE_ERROR Too many functions"]));
  expect(await peer.ask("SUBMIT_JOB_BG", "one more", "", "x")).toEqual(["ERROR QUEUE_ERROR Too many functions"]);
  expect(await peer.type("create function more")).toEqual(["ERR QUEUE_ERROR Too+many+functions\r\n"]);
  expect(await peer.ask("SUBMIT_JOB_BG", "used 1", "", "x")).toEqual([expect.stringMatching(/^JOB_CREATED /)]);
});

test("a name of 8192 bytes is served, one of 8193 is refused", async () => {
  await using siege = await Siege.begin();
  const peer = siege.peer();
  expect(await peer.ask("CAN_DO", "x".repeat(8192))).toEqual([]);
  expect((await peer.type("status")).join()).toContain(`${"x".repeat(8192)}\t0\t0\t1\n`);
  expect(await peer.ask("CAN_DO", "x".repeat(8193))).toEqual(["ERROR ARGUMENT_TOO_LARGE Argument value too large"]);
});
