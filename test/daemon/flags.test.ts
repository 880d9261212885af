import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Peer } from "../support/peer.ts";
import { installed } from "../support/program.ts";

/** A worker that can do `f`, asleep. */
const sleeper = async (port: number): Promise<Peer> => {
  const worker = await Peer.connect(port);
  worker.send("CAN_DO", "f");
  worker.send("PRE_SLEEP");
  await worker.handled();
  return worker;
};

describe("jobs", () => {
  it("--job-handle-prefix", async () => {
    await using daemon = await startDaemon(["--job-handle-prefix=J"]);
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "");
    expect(await client.packet("JOB_CREATED")).toEqual(["J:1"]);
  });

  it("--job-retries 1: a job whose worker dies is dropped", async () => {
    await using daemon = await startDaemon(["-j1"]);
    await using client = await Peer.connect(daemon.port);
    const worker = await sleeper(daemon.port);
    client.send("SUBMIT_JOB", "f", "", "");
    const handle = await client.packet("JOB_CREATED");
    worker.send("GRAB_JOB");
    await worker.packet("JOB_ASSIGN");
    worker.destroy();
    expect(await client.packet("WORK_FAIL")).toEqual(handle);
  });

  it("--worker-wakeup 0: all sleepers are woken for one job", async () => {
    await using daemon = await startDaemon(["-w0"]);
    const workers = [await sleeper(daemon.port), await sleeper(daemon.port), await sleeper(daemon.port)];
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "");
    for (const worker of workers) await worker.packet("NOOP");
  });

  it.each([
    [["--exceptions"], "WORK_EXCEPTION"],
    [[], "WORK_FAIL"],
  ] as const)("%j: an exception arrives as %s", async (flags, packet) => {
    await using daemon = await startDaemon(flags);
    await using worker = await sleeper(daemon.port);
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB", "f", "", "");
    const [handle = ""] = await client.packet("JOB_CREATED");
    worker.send("GRAB_JOB");
    await worker.packet("JOB_ASSIGN");
    worker.send("WORK_EXCEPTION", handle, "boo");
    expect((await client.packet(packet))[0]).toBe(handle);
  });
});

describe("--allow-shutdown", () => {
  it.each([["shutdown"], ["shutdown graceful"]])("%s stops the server, exit 0", async (command) => {
    await using daemon = await startDaemon(["--allow-shutdown"]);
    await using peer = await Peer.connect(daemon.port);
    expect(await peer.text(command)).toBe("OK\r\n");
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it("is off by default", async () => {
    await using daemon = await startDaemon();
    await using peer = await Peer.connect(daemon.port);
    expect(await peer.text("shutdown")).toMatch(/^ERR /);
    expect(await peer.text("status")).toBe(".\n");
  });
});

describe("limits", () => {
  it.each([["--max-jobs=1"], ["--max-job-bytes=1"]])("%s: a submit beyond gets QUEUE_ERROR", async (flag) => {
    await using daemon = await startDaemon([flag]);
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "x");
    await client.packet("JOB_CREATED");
    client.send("SUBMIT_JOB_BG", "f", "", "x");
    expect((await client.packet("ERROR"))[0]).toBe("QUEUE_ERROR");
  });

  it("--max-packet-bytes", async () => {
    await using daemon = await startDaemon(["--max-packet-bytes=1K"]);
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "x".repeat(2000));
    await client.packet("ERROR");
    await client.handled();
  });

  it.each([["--first-byte-timeout=1"], ["--max-connections-per-address=0"]])("%s", async (flag) => {
    await using daemon = await startDaemon([flag]);
    await using silent = await Peer.connect(daemon.port);
    await (flag.includes("timeout") ? silent.closed() : silent.handled());
  });

  it("--frame-timeout", async () => {
    await using daemon = await startDaemon(["--frame-timeout=1"]);
    const socket = connect(daemon.port, "127.0.0.1").on("error", () => {});
    socket.resume().write("\0REQ");
    await new Promise((resolve) => socket.on("close", resolve));
  });

  it.each([["--max-connections=1"], ["--max-connections-per-address=1"]])("%s", async (flag) => {
    await using daemon = await startDaemon([flag]);
    await using first = await Peer.connect(daemon.port);
    await first.handled();
    await using second = await Peer.connect(daemon.port);
    await second.closed();
    await first.handled();
  });
});

describe.skipIf(!installed("ss"))("the kernel is told", () => {
  const ss = (...args: string[]): string => spawnSync("ss", ["-Htno", ...args], { encoding: "utf8" }).stdout;

  it("--backlog", async () => {
    await using daemon = await startDaemon(["-b7"]);
    expect(ss("-l", `sport = :${daemon.port}`)).toMatch(/^LISTEN +0 +7 /);
  });

  it.each([
    ["--keepalive-idle=77", /timer:\(keepalive,1min1\d/],
    ["--keepalive-idle=0", /^(?!.*keepalive)/],
  ])("%s", async (flag, expected) => {
    await using daemon = await startDaemon([flag]);
    await using peer = await Peer.connect(daemon.port);
    await peer.handled();
    expect(ss("state", "established", `sport = :${daemon.port}`)).toMatch(expected);
  });
});
