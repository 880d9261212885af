import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, renameSync, watch } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { ToldDisk, whyNoDisk } from "../faults/disk.ts";
import { builtProgram } from "../support/built.ts";
import { makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";

/** A worker that has taken the job of a client. */
const runningJob = async (daemon: Daemon) => {
  const worker = await Peer.connect(daemon.port);
  const client = await Peer.connect(daemon.port);
  worker.send("CAN_DO", "f");
  await worker.handled();
  client.send("SUBMIT_JOB", "f", "", "work");
  const [handle = ""] = await client.packet("JOB_CREATED");
  worker.send("GRAB_JOB");
  await worker.packet("JOB_ASSIGN");
  return { worker, client, handle };
};

/** A new connection is refused, or reset if it was in the kernel's queue when the port closed. */
const notServed = async (port: number): Promise<void> => {
  try {
    await using late = await Peer.connect(port);
    await late.closed();
  } catch (error) {
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  }
};

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  it("stops an idle server, exit 0", async () => {
    await using daemon = await startDaemon();
    daemon.signal(signal);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(JSON.parse(daemon.lines.at(-1) ?? "")).toMatchObject({ level: "info", msg: "stopped" });
  });
});

describe("draining", () => {
  it("lets a running job finish, and takes nothing new", async () => {
    await using daemon = await startDaemon(["--drain-timeout=60s"]);
    const { worker, client, handle } = await runningJob(daemon);
    daemon.signal("SIGTERM");
    await daemon.line("stopping: running jobs may finish");
    await notServed(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "more");
    expect((await client.packet("ERROR"))[0]).toBe("SHUTDOWN");
    worker.send("WORK_COMPLETE", handle, "done");
    expect(await client.packet("WORK_COMPLETE")).toEqual([handle, "done"]);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it("ends after --drain-timeout, exit 0", async () => {
    await using daemon = await startDaemon(["--drain-timeout=1"]);
    const { client } = await runningJob(daemon);
    daemon.signal("SIGTERM");
    await client.closed();
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ["SIGINT", "SIGTERM", 143],
    ["SIGTERM", "SIGINT", 130],
  ] as const)("ends at once after %s on a second signal, %s: exit %i", async (first, signal, code) => {
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    await using daemon = await startDaemon(["--drain-timeout=60s", "-P", pidFile]);
    await runningJob(daemon);
    daemon.signal(first);
    await daemon.line("stopping: running jobs may finish");
    daemon.signal(signal);
    expect(await daemon.exited).toEqual({ code, signal: null });
    expect(existsSync(pidFile)).toBe(false);
    expect(JSON.parse(daemon.lines.at(-1) ?? "")).toMatchObject({
      level: "warn",
      signal,
      running: 1,
      jobs: 1,
      msg: "stopping at once; running jobs that are given up: 1",
    });
  });

  it("takes a signal that comes twice for one, as Ctrl-C does with `npm start`", async () => {
    await using daemon = await startDaemon(["--drain-timeout=60s"]);
    const { worker, client, handle } = await runningJob(daemon);
    for (let n = 0; n < 2; n++) daemon.signal("SIGINT");
    await daemon.line("stopping: running jobs may finish");
    await client.handled();
    worker.send("WORK_COMPLETE", handle, "done");
    expect(await client.packet("WORK_COMPLETE")).toEqual([handle, "done"]);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it("takes it for a second one later", async () => {
    await using daemon = await startDaemon(["--drain-timeout=60s"]);
    await runningJob(daemon);
    let ended = false;
    void daemon.exited.finally(() => {
      ended = true;
    });
    const interrupted = (): boolean => {
      daemon.signal("SIGINT");
      return ended;
    };
    await expect.poll(interrupted).toBe(true);
    expect(await daemon.exited).toEqual({ code: 130, signal: null });
  });
});

const noDisk = whyNoDisk();

describe.skipIf(noDisk !== undefined)(`on a disk whose syncs are stuck (${noDisk ?? "preloaded"})`, () => {
  it.each([
    ["SIGINT", "SIGTERM"],
    ["SIGTERM", "SIGINT"],
  ] as const)("after %s a second signal ends it at once: %s", async (first, signal) => {
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    const disk = new ToldDisk(folder, folder.file("queue"));
    const args = [`--data-dir=${folder.file("queue")}`, "--drain-timeout=60s", "-P", pidFile];
    await using daemon = await startDaemon(args, { env: disk.env });
    await using client = await Peer.connect(daemon.port);
    disk.stick();
    client.send("SUBMIT_JOB_BG", "f", "", "work");
    await using admin = await Peer.connect(daemon.port);
    await expect.poll(() => admin.text("show store")).toContain("waiting\t1\n");
    daemon.signal(first);
    await daemon.line("stopping: running jobs may finish");
    daemon.signal(signal);
    expect(await daemon.exited).toEqual({ code: null, signal });
    expect(daemon.lines.at(-1)).toContain("stopping at once; running jobs that are given up: 0");
    expect(existsSync(pidFile)).toBe(false);
  });

  it("one that takes in its queue has nothing to lose, and ends at once", async () => {
    await using folder = new Folder();
    const disk = new ToldDisk(folder, folder.file("queue"));
    disk.stick();
    const args = ["-L127.0.0.1", "-p0", `--data-dir=${folder.file("queue")}`];
    const daemon = spawn(process.execPath, [builtProgram(), ...args], { env: { ...process.env, ...disk.env } });
    const ended = once(daemon, "close");
    onTestFinished(() => void daemon.kill("SIGKILL"));
    await expect.poll(() => existsSync(folder.file("queue/jobs.sqlite"))).toBe(true);
    daemon.kill("SIGHUP");
    daemon.kill("SIGTERM");
    const [said] = await once(daemon.stdout, "data");
    expect(String(said)).toContain("stopping: it has not started yet");
    expect(await ended).toEqual([null, "SIGTERM"]);
  });
});

describe("SIGUSR1", () => {
  it("stops an idle server, and opens no inspector", async () => {
    await using daemon = await startDaemon();
    daemon.signal("SIGUSR1");
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
    expect(daemon.lines.join("\n")).not.toContain("Debugger");
  });

  it("serves who is connected, with new jobs too, until none is left", async () => {
    await using daemon = await startDaemon();
    const { worker, client, handle } = await runningJob(daemon);
    daemon.signal("SIGUSR1");
    await daemon.line("stopping once no job is left");
    await notServed(daemon.port);
    client.send("SUBMIT_JOB", "f", "", "second");
    const [second = ""] = await client.packet("JOB_CREATED");
    worker.send("WORK_COMPLETE", handle, "1");
    worker.send("GRAB_JOB");
    await worker.packet("JOB_ASSIGN");
    worker.send("WORK_COMPLETE", second, "2");
    expect(await client.packet("WORK_COMPLETE")).toEqual([handle, "1"]);
    expect(await client.packet("WORK_COMPLETE")).toEqual([second, "2"]);
    expect(await daemon.exited).toEqual({ code: 0, signal: null });
  });

  it("then SIGTERM: drains", async () => {
    await using daemon = await startDaemon(["--drain-timeout=1"]);
    await runningJob(daemon);
    daemon.signal("SIGUSR1");
    await daemon.line("stopping once no job is left");
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
  });
});

describe("SIGHUP", () => {
  it("opens the log file again", async () => {
    await using folder = new Folder();
    const [log, old] = [folder.file("log"), folder.file("log.1")];
    await using daemon = await startDaemon(["-l", log]);
    renameSync(log, old);
    const written = new Promise<void>((resolve) => {
      const watcher = watch(folder.path, (_, name) => {
        if (name !== "log" || !existsSync(log) || readFileSync(log, "utf8") === "") return;
        watcher.close();
        resolve();
      });
    });
    daemon.signal("SIGHUP");
    await written;
    expect(readFileSync(log, "utf8")).toContain("the log is opened again");
    expect(readFileSync(old, "utf8")).toContain("listens on");
    await daemon.stop();
    expect(readFileSync(log, "utf8")).toContain("stopped");
    expect(readFileSync(old, "utf8")).not.toContain("stopped");
  });

  it("goes on with the old log file when it can't, and says so", async () => {
    await using folder = new Folder();
    mkdirSync(folder.file("logs"));
    await using daemon = await startDaemon(["-l", folder.file("logs/log")]);
    renameSync(folder.file("logs"), folder.file("elsewhere"));
    daemon.signal("SIGHUP");
    await daemon.stop();
    const log = readFileSync(folder.file("elsewhere/log"), "utf8");
    expect(log).toContain("the log file could not be opened again: the old one is still used");
    expect(log).toContain("stopped");
  });

  it("with neither a log file nor TLS: says that there was nothing to do, and goes on", async () => {
    await using daemon = await startDaemon(["-lstderr"]);
    daemon.signal("SIGHUP");
    await daemon.line("nothing to open again: there is neither a log file nor TLS");
    await using peer = await Peer.connect(daemon.port);
    expect(await peer.text("status")).toBe(".\n");
    expect(daemon.lines).toHaveLength(2);
  });

  it.skipIf(!opensslInstalled)("with TLS: reads its files again, or says that they cannot be used", async () => {
    const certificates = makeCertificates();
    const { certificate, key } = certificates.server;
    await using daemon = await startDaemon(["--ssl", `--ssl-certificate=${certificate}`, `--ssl-key=${key}`]);
    daemon.signal("SIGHUP");
    await daemon.line("the TLS files are read again");
    certificates.remove();
    daemon.signal("SIGHUP");
    expect(await daemon.line("SIGHUP failed")).toContain("Could not use the TLS files");
    expect(daemon.lines).toHaveLength(3);
  });
});

it("SIGPIPE is ignored", async () => {
  await using daemon = await startDaemon();
  daemon.signal("SIGPIPE");
  await using peer = await Peer.connect(daemon.port);
  expect(await peer.text("status")).toBe(".\n");
});

describe("a bug in the server", () => {
  it.each(["throw(Error('boom'))", "Promise.reject(Error('boom'))"])("%s: is logged, exit 1", async (bug) => {
    await using folder = new Folder();
    const pidFile = folder.file("pid");
    const NODE_OPTIONS = `--import=data:text/javascript,process.on('SIGUSR2',()=>{${bug}})`;
    await using daemon = await startDaemon(["-P", pidFile], { env: { NODE_OPTIONS } });
    daemon.signal("SIGUSR2");
    expect(await daemon.exited).toEqual({ code: 1, signal: null });
    expect(JSON.parse(daemon.lines.at(-1) ?? "")).toMatchObject({ level: "fatal", err: { message: "boom" } });
    expect(existsSync(pidFile)).toBe(false);
  });
});
