import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FLAGS } from "../../src/cli/gearadmin/flags.ts";
import { helpText } from "../../src/cli/gearadmin/help.ts";
import { OPERATIONS } from "../../src/cli/gearadmin/operations.ts";
import { SORT_NAMES, TOP_COLUMNS } from "../../src/cli/gearadmin/top/columns.ts";
import { parseTokens } from "../../src/cli/parse.ts";

const page = readFileSync(new URL("../../docs/gearadmin.md", import.meta.url), "utf8");
const examples = page.split("\n").flatMap((line) => /^ {4}(?:\$ )?gearadmin-ts ([^#|]*)/.exec(line)?.[1]?.trim() ?? []);

it("the page has examples", () => expect(examples.length).toBeGreaterThan(8));

it.each(examples)("the example %s is a command line", (example) => {
  const { words } = parseTokens(FLAGS, example.split(/ +/));
  expect(["", "top"]).toContain(words.join(" "));
});

it("the page gives the order of the operations", () => {
  const [, order = ""] = /in one order[^:]*:([^.]*)\./.exec(page) ?? [];
  expect(order.match(/--[\w-]+/g)).toEqual(Object.keys(OPERATIONS).map((name) => `--${name}`));
});

it("the page gives the keys of top's columns", () => {
  const keys = SORT_NAMES.map((name) => `\`${TOP_COLUMNS[name].key}\``).join(" ");
  expect(page).toContain(`| ${keys} | sorts by ${SORT_NAMES.join(", ")}; again`);
});

it("--help fits on a screen of 50 lines and 100 columns, and names every flag", () => {
  const lines = helpText().split("\n");
  expect(lines.length).toBeLessThanOrEqual(50);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  for (const name of Object.keys(FLAGS)) expect(helpText()).toContain(`--${name}`);
});
