import { describe, expect } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer } from "../support/interop-servers.ts";
import { deadPort, fakeServer, gearadminTs } from "./support.ts";

noProgramLeft();

/** What it says on stderr, line by line, with exit status 1 and nothing on stdout. */
const complaint = (text: string | RegExp) => ({
  code: 1,
  stdout: "",
  stderr: expect.stringMatching(typeof text === "string" ? new RegExp(`^gearadmin-ts: ${text}\n$`) : text),
});

describe("the exit status is 1, and the message says what to do, when", () => {
  test("nobody listens there", async ({ programs }) => {
    const name = `127.0.0.1:${await deadPort()}`;
    const refused = await programs.run(gearadminTs("-h", name, "--status"));
    expect(refused).toEqual(
      complaint(`no connection to ${name}: .*ECONNREFUSED.*: is a server running there\\? -h and -p .*`),
    );
  });

  test("there is no such socket", async ({ programs }) => {
    await using folder = new Folder();
    const refused = await programs.run(gearadminTs("-h", `unix:${folder.file("none")}`, "--status"));
    expect(refused).toEqual(complaint("no connection to unix:/.*ENOENT.*: is a server running there\\? .*"));
  });

  test("the server says nothing", async ({ programs }) => {
    await using server = await fakeServer(() => {});
    const silent = await programs.run(gearadminTs("-h", server.name, "-t", "50ms", "--status"));
    expect(silent).toEqual(complaint(`${server.name} gave no answer to 'status' and was silent for 50 ms: .*-t`));
  });

  test("the server stops in the middle of a reply", async ({ programs }) => {
    await using server = await fakeServer((_line, socket) => socket.write("f\t0\t0\t0\n"));
    const silent = await programs.run(gearadminTs("-h", server.name, "-t", "50", "--status"));
    expect(silent).toEqual(complaint(`${server.name} stopped after 8 bytes of its answer to 'status' .*`));
  });

  test("the connection is lost in the middle of a reply", async ({ programs }) => {
    await using server = await fakeServer((_line, socket) => socket.end("f\t0\t0\t0\n"));
    const lost = await programs.run(gearadminTs("-h", server.name, "--status"));
    expect(lost).toEqual(
      complaint(`the connection to ${server.name} was lost after 8 bytes of the answer to 'status' .*`),
    );
  });

  test("the connection is closed at once, after an answer that came", async ({ programs }) => {
    await using server = await fakeServer((line, socket) =>
      line === "getpid" ? socket.write("OK 7\n") : socket.destroy(),
    );
    const lost = await programs.run(gearadminTs("-h", server.name, "--status", "--getpid"));
    expect(lost).toMatchObject({
      code: 1,
      stdout: "7\n",
      stderr: expect.stringContaining("was lost before the answer to 'status'"),
    });
  });

  test("TLS is asked for where there is none", async ({ programs }) => {
    await using server = await fakeServer(() => {});
    await using daemon = await startDaemon();
    const plain = await programs.run(gearadminTs("-S", "-h", `127.0.0.1:${daemon.port}`, "--status"));
    expect(plain).toEqual(
      complaint(`no connection to tls://127.0.0.1:${daemon.port}: .*: does it speak TLS there\\? .*`),
    );
    const silent = await programs.run(gearadminTs("-S", "-t", "50", "-h", server.name, "--status"));
    expect(silent).toEqual(complaint(`no connection to tls://${server.name}: no connection within 50 ms: .*-t.*`));
  });
});

describe("a command line that is refused:", () => {
  test.for([
    [[], "no option for an operation is given, as --status or --workers; --help lists them"],
    [["--nope"], "unrecognised option '--nope'; --help lists the flags"],
    [["--status", "--status"], "option '--status' cannot be specified more than once; --help lists the flags"],
    [["status"], "'status' is neither a flag, as --status, nor the word top; --help lists the flags"],
    [["top", "status"], "'status' is neither a flag, as --status, nor the word top; --help lists the flags"],
    [["--cancel-job"], "the required argument for option '--cancel-job' is missing; --help lists the flags"],
    [["--create-function", "a\nshutdown"], "the argument for option '--create-function' holds a line end .*"],
    [["--maxqueue", "f"], "the argument \\('f'\\) for option '--maxqueue' is invalid: NAME=N .*"],
    [["--maxqueue", "f=1,2"], "the argument \\('f=1,2'\\) for option '--maxqueue' is invalid: NAME=N .*"],
    [["-t", "0", "--status"], "the argument \\('0'\\) for option '--timeout' is invalid: over 0; .*"],
    [["-p", "0", "--status"], "the argument \\('0'\\) for option '--port' is invalid: .*"],
    [["-h", ",", "--status"], "no server is named in ',': give one as -h HOST or -h HOST:PORT"],
    [["-h", "a:b:c", "--status"], '"a:b:c" is not the address of a job server: .*'],
    [["--ssl-key", "x", "--status"], "option '--ssl-certificate' needs '--ssl-key', .*"],
    [["top", "--status"], "option '--status' is not for top"],
    [["top", "--json"], "option '--json' is not for top"],
    [["--once", "--status"], "option '--once' is for top: gearadmin-ts top --once"],
    [["top"], "top draws on a terminal, .*: --once prints it as lines"],
  ] as const)("%j", async ([args, message], { programs }) => {
    expect(await programs.run(gearadminTs(...args))).toEqual(complaint(message));
  });
});

onEachServer([], (server) => {
  const at = (...args: string[]) => gearadminTs("-h", `127.0.0.1:${server().port}`, ...args);

  test.for([
    [
      ["--drop-function", "nowhere"],
      "refused 'drop function nowhere': function not found: --status lists the functions",
    ],
    [["--cancel-job", "H:no:1"], "refused 'cancel job H:no:1': UNKNOWN_JOB: it has ended, .*"],
    [
      ["--create-function", "two words"],
      "refused 'create function two words': INVALID_ARGUMENTS .*: a text command cannot .*",
    ],
    [["--shutdown"], "refused 'shutdown': UNKNOWN_COMMAND .*--allow-shutdown.*"],
  ] as const)("an ERR for %j is told, with exit status 1", async ([args, message], { programs }) => {
    expect(await programs.run(at(...args))).toEqual(complaint(`127.0.0.1:${server().port} ${message}`));
  });

  test("after an ERR the other operations are done", async ({ programs }) => {
    const { code, stdout } = await programs.run(
      at("--drop-function", "nowhere", "--cancel-job", "none", "--server-verbose"),
    );
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^[A-Z]+\n$/)]);
  });
});

test("--help and --version go to stdout, with exit status 0, whatever else is given", async ({ programs }) => {
  const help = await programs.run(gearadminTs("--help", "--version", "--status", "-h", "nowhere.invalid"));
  expect(help).toEqual({ code: 0, stdout: expect.stringContaining("Usage: gearadmin-ts [flags]"), stderr: "" });
  expect(await programs.run(gearadminTs("-H"))).toEqual(help);
  const version = await programs.run(gearadminTs("--version"));
  expect(await programs.run(gearadminTs("-V"))).toEqual(version);
  expect(version).toEqual({ code: 0, stdout: expect.stringMatching(/^gearadmin-ts \d+\.\d+\.\d+\n$/), stderr: "" });
});

test("who reads only the first line ends it without a word", async ({ programs }) => {
  await using server = await fakeServer((_line, socket) =>
    socket.write(`${"a function\t0\t0\t0\n".repeat(50_000)}.\n`),
  );
  const { file, args } = gearadminTs("-h", server.name, "--status");
  const line = [file, ...args].map((word) => `'${word}'`).join(" ");
  const first = await programs.run({ file: "sh", args: ["-c", `${line} | head -1`] });
  expect(first).toEqual({ code: 0, stdout: "a function\t0\t0\t0\n", stderr: "" });
});
