import { expect, test } from "vitest";
import { COMMANDS } from "../../src/admin/commands.ts";
import { parseLine } from "../../src/admin/parse.ts";
import { escapeBlanks, escapeControls } from "../../src/lib/escape.ts";

test("every command's usage begins with its name", () => {
  for (const [name, { usage, help }] of Object.entries(COMMANDS)) {
    expect(usage.split(" ")[0]).toBe(name);
    expect(help).not.toBe("");
  }
});

test.each([
  ["status", ["status"]],
  ["status\r", ["status"]],
  ["create  function   x", ["create", "function", "x"]],
  ["create function ", ["create", "function", ""]],
  [" status", ["", "status"]],
  [" a b c d e", undefined],
  ["", [""]],
  ["a\tb", ["a\tb"]],
  ["foo\0bar baz", ["foo", "baz"]],
  ["a b c d e", ["a", "b", "c", "d", "e"]],
  ["a b c d e f", undefined],
])("the words of %j", (line, words) => {
  expect(parseLine(line)).toEqual(words);
});

test.each([
  ["a\nb", "a\\x0ab", "a\\x0ab"],
  ["a b", "a b", "a\\x20b"],
  ["App\\Jobs", "App\\Jobs", "App\\Jobs"],
  ["literal \\x0a", "literal \\x5cx0a", "literal\\x20\\x5cx0a"],
  ["\x7f\x1b[31m", "\\x7f\\x1b[31m", "\\x7f\\x1b[31m"],
  ["gr\xc3\xbcn", "gr\xc3\xbcn", "gr\xc3\xbcn"],
])("%j is printed so that it forges no row", (name, controls, blanks) => {
  expect([escapeControls(name), escapeBlanks(name)]).toEqual([controls, blanks]);
});
