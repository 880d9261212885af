import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { FLAGS } from "../../src/cli/gearadmin/flags.ts";
import { helpText } from "../../src/cli/gearadmin/help.ts";
import { OPERATIONS } from "../../src/cli/gearadmin/operations.ts";
import { SORT_NAMES, TOP_COLUMNS } from "../../src/cli/gearadmin/top/columns.ts";
import { parseTokens } from "../../src/cli/parse.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { installed } from "../support/program.ts";
import { deadPort, fakeServer, gearadminTs } from "./support.ts";

noProgramLeft();

const page = readFileSync(new URL("../../docs/gearadmin.md", import.meta.url), "utf8");
const examples = page.split("\n").flatMap((line) => /^ {4}(?:\$ )?gearadmin-ts ([^#|]*)/.exec(line)?.[1]?.trim() ?? []);

/** What the page gives to jq: of a server that is down there is no table. */
const filters = [...page.matchAll(/\| jq -r '([^']*)'/g)].map(([, filter = ""]) => filter);

test.skipIf(!installed("jq"))("the page's filters for jq: a server is down", async ({ programs }) => {
  await using server = await fakeServer((_line, socket) => socket.write("f\t1\t0\t0\ng\t0\t0\t1\n.\n"));
  const dead = `127.0.0.1:${await deadPort()}`;
  const { stdout } = await programs.run(gearadminTs("-h", `${dead},${server.name}`, "--status", "--json"));
  const said = await Promise.all(filters.map((filter) => programs.run({ file: "jq", args: ["-r", filter] }, stdout)));
  expect(said).toEqual(["f\n", `${dead}\n`].map((text) => ({ code: 0, stdout: text, stderr: "" })));
});

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
  const lines = helpText(100).split("\n");
  expect(lines.length).toBeLessThanOrEqual(50);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  for (const name of Object.keys(FLAGS)) expect(helpText(100)).toContain(`--${name}`);
});
