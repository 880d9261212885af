import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Flag, rowsOf } from "../../src/cli/flags/flag.ts";
import { FLAGS } from "../../src/cli/gearadmin/flags.ts";
import { gearadminInstalled } from "../support/interop-libraries.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import type { Peer } from "../support/peer.ts";
import { busyWorker, gearadmin, gearadminTs } from "./support.ts";

noProgramLeft();

/** `  -h [ --host ] arg (=localhost) Connect to the host` */
const ROW = /^ {2}(?:-(\w) \[ )?--([\w-]+)(?: \])?( arg)?(?: \(=(.*?)\))?(?: |$)/;

describe.skipIf(!gearadminInstalled)("the flags of gearadmin 1.1.20", () => {
  const help = gearadminInstalled ? execFileSync("gearadmin", ["--help"], { encoding: "utf8" }) : "";
  const rows = help.split("\n").flatMap((line) => {
    const [match, short, name = "", argument, value] = ROW.exec(line) ?? [];
    return match === undefined ? [] : [{ name, short, argument: argument !== undefined, value }];
  });
  const flags = new Map<string, Flag>(rowsOf(FLAGS));

  it("are read from its help", () => expect(rows.length).toBe(15));

  it.each(rows)("--$name: known, with the same short form and default", ({ name, short, argument, value }) => {
    expect(flags.get(name)).toBeDefined();
    // -H is ours, as gearman has it.
    expect(flags.get(name)?.short).toBe(name === "help" ? "H" : short);
    expect(flags.get(name)?.argument !== undefined).toBe(argument);
    if (value !== undefined) expect(flags.get(name)?.default).toBe(value);
  });
});

/** Command lines that change nothing, or nothing that matters to the others. */
const COMMAND_LINES: readonly (readonly string[])[] = [
  ["--getpid"],
  ["--server-version"],
  ["--server-verbose"],
  ["--status"],
  ["--priority-status"],
  ["--workers"],
  ["--show-jobs"],
  ["--show-unique-jobs"],
  ["--create-function", "made"],
  ["--create-function", "made", "--drop-function", "made"],
  ["--drop-function", "nowhere", "--getpid"],
  ["--drop-function", "idle"],
  ["--cancel-job", "H:nowhere:1", "--server-version"],
  ["--create-function", "two words", "--getpid"],
  ["--status", "--priority-status", "--workers", "--show-unique-jobs", "--show-jobs", "--server-version", "--getpid"],
  ["--status", "--server-verbose", "--drop-function", "made", "--create-function", "made", "--cancel-job", "none"],
];

/** The connection's number is another at each connection, and the one of who asked before may be there still. */
const withoutNumbers = (output: string): string =>
  output.replace(/^\d+ 127/gm, "N 127").replace(/(N 127\.0\.0\.1 - :\n)+/, "$1");

describe.skipIf(!gearadminInstalled)("beside C gearadmin", () => {
  onEachServer([], (server) => {
    let worker: Peer;
    beforeAll(async () => {
      worker = await busyWorker(server().port);
    });
    afterAll(() => worker.destroy());

    for (const line of COMMAND_LINES) {
      test.sequential(`the same output for ${line.join(" ")}`, async ({ programs }) => {
        const at = ["-h", "127.0.0.1", "-p", `${server().port}`];
        const theirs = await programs.run(gearadmin(...at, ...line));
        const mine = await programs.run(gearadminTs(...at, ...line));
        expect(withoutNumbers(mine.stdout)).toBe(withoutNumbers(theirs.stdout));
        expect(mine.stderr.split("\n").length, mine.stderr).toBe(theirs.stderr.split("\n").length);
      });
    }
  });
});
