import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/admin/commands.ts";
import { OPERATIONS } from "../../src/cli/gearadmin/operations.ts";
import { startDaemon } from "../support/daemon.ts";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { onEachServer, row } from "../support/interop-servers.ts";
import { Peer } from "../support/peer.ts";
import { gearadminTs } from "./support.ts";

noProgramLeft();

describe("the table of operations", () => {
  it("has the commands of the server, and no others", () => {
    const words = Object.values(OPERATIONS).map(({ command }) => command.split(" ")[0]);
    expect([...new Set(words)].sort()).toEqual(Object.keys(COMMANDS).sort());
  });
});

const handleOf = async (port: number, fn: string): Promise<string> => {
  await using peer = await Peer.connect(port);
  peer.send("SUBMIT_JOB_BG", fn, "", "x");
  const [handle = ""] = await peer.packet("JOB_CREATED");
  return handle;
};

onEachServer([], (server) => {
  const at = (...args: string[]) => gearadminTs("-h", `127.0.0.1:${server().port}`, ...args);

  test("--create-function and --drop-function do so", async ({ programs }) => {
    expect(await programs.run(at("--create-function", "Made"))).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
    expect(await row(server(), "status", "Made")).toBe("Made\t0\t0\t0");
    expect(await programs.run(at("--drop-function", "made"))).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
    expect(await row(server(), "status", "Made")).toBeUndefined();
  });

  test("--drop-function of a name in two ways of writing is one answer, and the next command has its own", async ({
    programs,
  }) => {
    for (const name of ["twice", "TWICE"]) await programs.run(at("--create-function", name));
    const { stdout, code } = await programs.run(at("--drop-function", "twice", "--server-verbose"));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^OK\n[A-Z]+\n$/)]);
    expect(await row(server(), "status", "TWICE")).toBeUndefined();
  });

  test("--cancel-job cancels", async ({ programs }) => {
    const handle = await handleOf(server().port, "cancelled");
    expect(await programs.run(at("--cancel-job", handle))).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
    const again = await programs.run(at("--cancel-job", "H:nowhere:7"));
    expect(again).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("UNKNOWN_JOB") });
  });

  test.for([
    ["one", "one=1"],
    ["each", "each=9,1,9"],
    ["spaced", "spaced 1"],
    ["a=b", "a=b=1"],
  ] as const)("--maxqueue %s", async ([name, limits], { programs }) => {
    const limited = await programs.run(at("--create-function", name, "--maxqueue", limits));
    expect(limited).toEqual({ code: 0, stdout: "OK\nOK\n", stderr: "" });
    await using peer = await Peer.connect(server().port);
    peer.send("SUBMIT_JOB_BG", name, `${name}-1`, "x");
    await peer.packet("JOB_CREATED");
    peer.send("SUBMIT_JOB_BG", name, `${name}-2`, "x");
    expect((await peer.packet("ERROR"))[0]).toBe("QUEUE_ERROR");
    expect((await programs.run(at("--maxqueue", `${name}=0`))).code).toBe(0);
    peer.send("SUBMIT_JOB_BG", name, `${name}-3`, "x");
    await peer.packet("JOB_CREATED");
  });

  test("--shutdown is refused where it is not allowed, with a hint", async ({ programs }) => {
    const { code, stderr } = await programs.run(at("--shutdown"));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^gearadmin-ts: 127\S+ refused 'shutdown': .*--allow-shutdown/),
    ]);
  });
});

test("--shutdown stops a gearmand-ts that allows it", async ({ programs }) => {
  await using daemon = await startDaemon(["--allow-shutdown"]);
  const stopped = await programs.run(gearadminTs("-h", `127.0.0.1:${daemon.port}`, "--shutdown"));
  expect(stopped).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
});

test("--shutdown-graceful stops it when the last job has gone", async ({ programs }) => {
  await using daemon = await startDaemon(["--allow-shutdown"]);
  await using worker = await Peer.connect(daemon.port);
  worker.send("SUBMIT_JOB_BG", "last", "", "x");
  const [handle = ""] = await worker.packet("JOB_CREATED");
  const told = await programs.run(gearadminTs("-h", `127.0.0.1:${daemon.port}`, "--shutdown-graceful"));
  expect(told).toEqual({ code: 0, stdout: "OK\n", stderr: "" });
  worker.send("CAN_DO", "last");
  worker.send("GRAB_JOB");
  await worker.packet("JOB_ASSIGN");
  worker.send("WORK_COMPLETE", handle, "done");
  expect(await daemon.exited).toEqual({ code: 0, signal: null });
});
