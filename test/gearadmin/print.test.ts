import { describe, expect, it } from "vitest";
import type { Report } from "../../src/cli/gearadmin/ask.ts";
import { requestsOf } from "../../src/cli/gearadmin/operations.ts";
import { jsonOutput, plainOutput, terminalOutput } from "../../src/cli/gearadmin/print.ts";
import { rowsOf, STATUS, UNIQUE_JOBS, WORKERS } from "../../src/cli/gearadmin/tables.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { busyWorker, gearadminTs, onTerminal } from "./support.ts";

noProgramLeft();

type OperationName =
  | "status"
  | "workers"
  | "show-jobs"
  | "show-unique-jobs"
  | "show-store"
  | "getpid"
  | "server-version";

/** A server that answered so. Bytes as Latin-1. */
const report = (
  server: string,
  answers: Partial<Record<OperationName, string>>,
  problems: readonly string[] = [],
): Report => ({
  server,
  problems,
  answers: Object.entries(answers).flatMap(([name, text]) =>
    requestsOf({ [name]: true }).map((request) => ({ request, text })),
  ),
});

const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

describe("rows of a table", () => {
  it("are told apart from the right, as a name may hold tabs", () => {
    expect(rowsOf(STATUS, "a\tb\t3\t2\t1\n.\n")).toEqual([{ cells: ["a\tb", 3, 2, 1] }]);
  });

  it("that are none are kept as they are", () => {
    expect(rowsOf(STATUS, "torn\nname\t3\t2\t1\n.\n")).toEqual([{ unreadable: "torn" }, { cells: ["name", 3, 2, 1] }]);
    expect(rowsOf(WORKERS, "what\n.\n")).toEqual([{ unreadable: "what" }]);
  });

  it("of workers: an id may hold spaces, and there may be no function", () => {
    expect(rowsOf(WORKERS, "7 ::1 my id : f g\n8 127.0.0.1 - :\n.\n")).toEqual([
      { cells: [7, "::1", "my id", ["f", "g"]] },
      { cells: [8, "127.0.0.1", "-", []] },
    ]);
  });

  it("of uniques: an empty one is a row", () => {
    expect(rowsOf(UNIQUE_JOBS, "\na\n.\n")).toEqual([{ cells: [""] }, { cells: ["a"] }]);
  });
});

describe("on a pipe", () => {
  it("the reply is printed as it is, each server's under its name if there are several", () => {
    const one = report("a:1", { status: "\x1b[31m\xff\t1\t0\t0\n.\n", getpid: "7\n" });
    expect(plainOutput([one])).toBe("\x1b[31m\xff\t1\t0\t0\n.\n7\n");
    expect(plainOutput([one, report("b:2", { getpid: "8\n" })])).toBe(
      "==> a:1 <==\n\x1b[31m\xff\t1\t0\t0\n.\n7\n\n==> b:2 <==\n8\n",
    );
  });
});

describe("on a terminal", () => {
  it("tables are aligned under a heading, with blank lines around them", () => {
    const answers = {
      getpid: "7\n",
      "show-jobs": "H:vm:1\t0\t0\t1\nH:vm:10\t12\t1\t0\n.\n",
      status: "mail\t10\t2\t3\n.\n",
    };
    expect(terminalOutput([report("a:1", answers)], false)).toBe(
      [
        "7",
        "",
        "HANDLE   RETRIES  IGNORED  BACKGROUND",
        "H:vm:1         0  no       yes",
        "H:vm:10       12  yes      no",
        "",
        "FUNCTION  TOTAL  RUNNING  WORKERS",
        "mail         10        2        3",
        "",
      ].join("\n"),
    );
  });

  it("a name cannot do anything to it, and one of wide or combined letters stands in its column", () => {
    const names = ["\x1b[2J", utf8("日本"), utf8("e\u0301"), utf8("\u009b2J\u202e")];
    const rows = names.map((name) => `${name}\t1\t0\t0\n`).join("");
    expect(
      terminalOutput([report("a:1", { status: `${rows}.\n` })], false)
        .split("\n")
        .slice(1, 5),
    ).toEqual([
      "\\x1b[2J           1        0        0",
      "日本              1        0        0",
      "e\u0301                 1        0        0",
      "\\x9b2J\\u202e      1        0        0",
    ]);
  });

  it("the heading is bold, unless no colour is wanted", () => {
    expect(terminalOutput([report("a:1", { status: ".\n" })], true)).toBe(
      "\x1b[1mFUNCTION  TOTAL  RUNNING  WORKERS\x1b[22m\n",
    );
  });
});

describe("as JSON", () => {
  it("tables are arrays of objects, and what went wrong is there too", () => {
    const answers = {
      getpid: "7\n",
      "server-version": "1.1.20\n",
      status: `${utf8("ü")}\t2\t1\t0\n.\n`,
      workers: "7 ::1 - : f g\n.\n",
      "show-jobs": "H:1\t2\t0\t1\nodd\n.\n",
      "show-store": "durability\tfull\ncommits\t3\n.\n",
    };
    expect(JSON.parse(jsonOutput([report("a:1", answers, ["oh"])]))).toEqual([
      {
        server: "a:1",
        getpid: 7,
        "server-version": "1.1.20",
        status: [{ function: "ü", total: 2, running: 1, workers: 0 }],
        workers: [{ connection: 7, address: "::1", id: "-", functions: ["f", "g"] }],
        "show-jobs": [{ handle: "H:1", retries: 2, ignored: false, background: true }, { unreadable: "odd" }],
        "show-store": [
          { figure: "durability", value: "full" },
          { figure: "commits", value: "3" },
        ],
        errors: ["oh"],
      },
    ]);
  });
});

onEachServer([], (server) => {
  test("--json and a terminal, at a server", async ({ programs }) => {
    await using _worker = await busyWorker(server().port);
    const command = (...args: string[]) => gearadminTs("-h", `127.0.0.1:${server().port}`, ...args);
    const { stdout } = await programs.run(
      command("--json", "--status", "--priority-status", "--workers", "--show-unique-jobs"),
    );
    const [said] = JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
    expect(said.status).toContainEqual({ function: "waiting", total: 4, running: 0, workers: 0 });
    expect(said["priority-status"]).toContainEqual({ function: "waiting", high: 1, normal: 2, low: 1, workers: 0 });
    expect(said.workers).toContainEqual(expect.objectContaining({ id: "worker-1", functions: ["idle", "running"] }));
    expect(said["show-unique-jobs"]).toContainEqual({ unique: "ümläut" });
    const shown = await programs.run(onTerminal(command("--status"), 80));
    expect(shown.stdout).toContain("\x1b[1mFUNCTION  TOTAL  RUNNING  WORKERS\x1b[22m\r\n");
    expect(shown.stdout).toContain("waiting       4        0        0\r\n");
    const plain = await programs.run(
      onTerminal({ ...command("--status"), env: { NO_COLOR: "1", GEARMAN_SERVERS: "" } }, 80),
    );
    expect(plain.stdout.split("\r\n")[1]).toBe("FUNCTION  TOTAL  RUNNING  WORKERS");
  });
});
