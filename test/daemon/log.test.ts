import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { builtProgram } from "../support/built.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { installed } from "../support/program.ts";

const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as { level: string; msg: string });

/** Sends what the server warns of: a connection beyond `--max-connections=1`. */
const provokeWarning = async (daemon: Daemon): Promise<void> => {
  await using first = await Peer.connect(daemon.port);
  await first.handled();
  const second = connect(daemon.port, "127.0.0.1");
  await new Promise((resolve) =>
    second
      .on("close", resolve)
      .on("error", () => {})
      .resume(),
  );
};

/** A connection with bytes that are not the protocol: a debug line. */
const beStrange = async (daemon: Daemon): Promise<void> => {
  const stranger = connect(daemon.port, "127.0.0.1").on("error", () => {});
  stranger.resume().write("\0???".padEnd(12, "x"));
  await new Promise((resolve) => stranger.on("close", resolve));
};

describe("--log-file", () => {
  it("is appended to, mode 0644, and nothing goes to stdout", async () => {
    await using folder = new Folder();
    const file = folder.file("log");
    writeFileSync(file, "before\n", { mode: 0o644 });
    await using daemon = await startDaemon(["-l", file]);
    await daemon.stop();
    const [before, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(before).toBe("before");
    expect(parsed(lines).map(({ msg }) => msg)).toEqual([
      expect.stringContaining("listens on"),
      "stopping: running jobs may finish",
      "stopped",
    ]);
    expect(daemon.lines).toEqual([]);
  });

  it("is made with mode 0644", async () => {
    await using folder = new Folder();
    await using _daemon = await startDaemon(["-l", folder.file("log")]);
    expect(statSync(folder.file("log")).mode & 0o777).toBe(0o644);
  });

  it("stderr", async () => {
    await using daemon = await startDaemon(["--log-file=stderr"]);
    const fromStderr = new Promise((resolve) => daemon.process.stderr?.on("data", resolve));
    daemon.signal("SIGHUP");
    expect(String(await fromStderr)).toContain("nothing to open again");
  });

  it("none", async () => {
    await using daemon = await startDaemon(["-lnone"]);
    await daemon.stop();
    expect(daemon.lines).toEqual([]);
  });

  it("that can't be opened: goes on with stderr, and says so", async () => {
    await using daemon = await startDaemon(["-l", "/nonexistent/log"]);
    expect(await daemon.line("switching to stderr")).toContain('Could not open log file \\"/nonexistent/log\\"');
  });
});

describe("levels", () => {
  it("by default show warnings", async () => {
    await using daemon = await startDaemon(["--max-connections=1"]);
    await provokeWarning(daemon);
    expect(JSON.parse(await daemon.line("connection refused"))).toMatchObject({ level: "warn" });
  });

  it("are told by `verbose`", async () => {
    await using daemon = await startDaemon();
    await using peer = await Peer.connect(daemon.port);
    expect(await peer.text("verbose")).toBe("OK ERROR\n");
  });

  it("--verbose FATAL shows no warnings, but start and stop", async () => {
    await using daemon = await startDaemon(["--max-connections=1", "--verbose", "FATAL"]);
    await provokeWarning(daemon);
    await daemon.stop();
    expect(new Set(parsed(daemon.lines).map(({ level }) => level))).toEqual(new Set(["info"]));
  });

  it("-vv is DEBUG", async () => {
    await using daemon = await startDaemon(["-vv"]);
    await using peer = await Peer.connect(daemon.port);
    expect(await peer.text("verbose")).toBe("OK DEBUG\n");
    await beStrange(daemon);
    expect(JSON.parse(await daemon.line("not the protocol"))).toMatchObject({ level: "debug" });
  });
});

describe("--log-format", () => {
  it("pretty is for people", async () => {
    await using daemon = await startDaemon(["--log-format=pretty"]);
    expect(await daemon.line("listens on")).toMatch(/^\[\d{4}-\d\d-\d\d .*\] INFO: gearmand-ts .* listens on/);
  });

  it.skipIf(!installed("script"))("auto is pretty on a terminal", async () => {
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    const command = `${process.execPath} ${builtProgram()} -p0 -L127.0.0.1 -P ${pidFile}`;
    const terminal = spawn("script", ["-qec", command, folder.file("typescript")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = await once(createInterface({ input: terminal.stdout }), "line");
    process.kill(Number(readFileSync(pidFile, "utf8")), "SIGTERM");
    expect(await once(terminal, "exit")).toEqual([0, null]);
    expect(line).toMatch(/^\[\d{4}-.*INFO.*listens on/);
  });
});

it("a reader of stdout that stalls holds neither the server nor its exit", async () => {
  await using daemon = await startDaemon(["-vv"]);
  daemon.process.stdout?.pause();
  await using peer = await Peer.connect(daemon.port);
  for (let lines = 0; lines < 2000; lines += 100) {
    await Promise.all(Array.from({ length: 100 }, () => beStrange(daemon)));
  }
  expect(await peer.text("status")).toBe(".\n");
  daemon.signal("SIGTERM");
  const [code] = await once(daemon.process, "exit");
  expect(code).toBe(0);
});

it("a reader of stdout that goes away does not stop the server", async () => {
  await using daemon = await startDaemon();
  daemon.process.stdout?.destroy();
  daemon.signal("SIGHUP");
  daemon.signal("SIGHUP");
  await using peer = await Peer.connect(daemon.port);
  expect(await peer.text("status")).toBe(".\n");
  expect(await daemon.stop()).toEqual({ code: 0, signal: null });
});

it("a full disk costs log lines, not the server", async () => {
  await using daemon = await startDaemon(["-l", "/dev/full"]);
  daemon.signal("SIGHUP");
  await using peer = await Peer.connect(daemon.port);
  expect(await peer.text("status")).toBe(".\n");
  expect(await daemon.stop()).toEqual({ code: 0, signal: null });
});

/** A program named `logger` that says it is `version`, and writes its arguments and what it is told to a file. */
const fakeLogger = (folder: Folder, version: string): string => {
  const file = folder.file("syslog");
  const script = `#!/bin/sh\n[ "$1" = --version ] && { echo "${version}"; exit; }\necho "$@" > ${file}\nexec cat >> ${file}\n`;
  writeFileSync(folder.file("logger"), script);
  chmodSync(folder.file("logger"), 0o755);
  const { PATH } = process.env;
  return `${folder.path}:${PATH}`;
};

describe("--syslog", () => {
  it("pipes to util-linux's logger, with priorities, and not to stdout", async () => {
    await using folder = new Folder();
    const env = { PATH: fakeLogger(folder, "logger from util-linux 2.41") };
    await using daemon = await startDaemon(["--syslog", "--max-connections=1"], { env });
    await provokeWarning(daemon);
    await daemon.stop();
    const [args, ...lines] = readFileSync(folder.file("syslog"), "utf8").trimEnd().split("\n");
    expect(args).toBe(`--prio-prefix --tag gearmand-ts --id=${daemon.pid}`);
    expect(lines.map((line) => line.slice(0, 4))).toEqual(["<14>", "<12>", "<14>", "<14>"]);
    expect(parsed(lines.map((line) => line.slice(4)))[1]).toMatchObject({ level: "warn", msg: "connection refused" });
    expect(daemon.lines).toEqual([]);
  });

  it("goes to a named log file too", async () => {
    await using folder = new Folder();
    const env = { PATH: fakeLogger(folder, "logger from util-linux 2.41") };
    await using daemon = await startDaemon(["--syslog", "-l", folder.file("log")], { env });
    await daemon.stop();
    expect(readFileSync(folder.file("log"), "utf8")).toContain("listens on");
    expect(readFileSync(folder.file("syslog"), "utf8")).toContain("listens on");
  });

  it("is refused with another logger, such as busybox's", async () => {
    await using folder = new Folder();
    const env = { PATH: fakeLogger(folder, "BusyBox v1.37") };
    await expect(startDaemon(["--syslog", "-P", folder.file("pid")], { env })).rejects.toMatchObject({
      exit: { code: 1, signal: null },
      output: "gearmand-ts: --syslog needs the program `logger` of util-linux (Debian: bsdutils, Alpine: util-linux)",
    });
    expect(existsSync(folder.file("pid"))).toBe(false);
  });
});
