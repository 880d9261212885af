import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { runProgram } from "../support/program.ts";

const startOn = (folder: Folder, ...args: readonly string[]): Promise<Daemon> =>
  startDaemon([`--data-dir=${folder.file("queue")}`, "--job-handle-prefix=H:a", ...args]);

const submit = async (client: Peer, name: "SUBMIT_JOB_BG" | "SUBMIT_JOB", workload: string): Promise<string> => {
  client.send(name, "f", "", workload);
  return (await client.packet("JOB_CREATED")).join();
};

const figures = async (peer: Peer): Promise<Record<string, string>> =>
  Object.fromEntries((await peer.text("show store")).split("\n").map((row) => row.split("\t")));

const killed = async (daemon: Daemon): Promise<void> => {
  daemon.signal("SIGKILL");
  await daemon.exited;
};

describe("a background job", () => {
  it("outlives kill -9 with its handle, and handles do not repeat", async () => {
    await using folder = new Folder();
    await using first = await startOn(folder);
    await using client = await Peer.connect(first.port);
    expect(await submit(client, "SUBMIT_JOB_BG", "one")).toBe("H:a:1");
    expect(await submit(client, "SUBMIT_JOB", "lost")).toBe("H:a:2");
    expect(await submit(client, "SUBMIT_JOB_BG", "two")).toBe("H:a:3");
    await killed(first);

    await using second = await startOn(folder);
    await using worker = await Peer.connect(second.port);
    worker.send("CAN_DO", "f");
    for (const job of [
      ["H:a:1", "f", "one"],
      ["H:a:3", "f", "two"],
    ]) {
      worker.send("GRAB_JOB");
      expect(await worker.packet("JOB_ASSIGN")).toEqual(job);
      worker.send("WORK_COMPLETE", job[0] ?? "", "");
    }
    expect(await submit(worker, "SUBMIT_JOB", "new")).toBe("H:a:1000001");
  });

  it("outlives SIGTERM, and the last line says how many are kept", async () => {
    await using folder = new Folder();
    await using first = await startOn(folder);
    await using client = await Peer.connect(first.port);
    await submit(client, "SUBMIT_JOB_BG", "one");
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(first.lines.at(-1)).toContain("stopped; jobs kept for the next start: 1");

    await using second = await startOn(folder);
    await using other = await Peer.connect(second.port);
    expect(await other.text("status")).toBe("f\t1\t0\t0\n.\n");
    expect(await figures(other)).toMatchObject({ durability: "full", recovered: "1", damaged: "0" });
  });

  it("stays when its retries are spent: dead, counted, never offered", async () => {
    await using folder = new Folder();
    await using first = await startOn(folder, "--job-retries=1");
    await using worker = await Peer.connect(first.port);
    await submit(worker, "SUBMIT_JOB_BG", "poison");
    worker.send("CAN_DO", "f");
    worker.send("GRAB_JOB");
    await worker.packet("JOB_ASSIGN");
    worker.destroy();
    await first.line("retries are spent");
    await first.stop();

    await using second = await startOn(folder);
    await using admin = await Peer.connect(second.port);
    expect(await admin.text("status")).toBe(".\n");
    expect(await figures(admin)).toMatchObject({ dead: "1", recovered: "0" });
  });

  it("gives its room back when a backlog is drained", async () => {
    await using folder = new Folder();
    await using daemon = await startOn(folder);
    await using peer = await Peer.connect(daemon.port);
    const size = (): number => statSync(folder.file("queue/jobs.sqlite")).size;
    const workload = "x".repeat(100_000);
    for (let job = 0; job < 400; job++) peer.send("SUBMIT_JOB_BG", "f", "", workload);
    for (let job = 0; job < 400; job++) await peer.packet("JOB_CREATED");
    await expect.poll(size).toBeGreaterThan(20_000_000);
    peer.send("CAN_DO", "f");
    for (let job = 0; job < 400; job++) {
      peer.send("GRAB_JOB");
      peer.send("WORK_COMPLETE", (await peer.packet("JOB_ASSIGN"))[0] ?? "", "");
    }
    await expect.poll(size).toBeLessThan(5_000_000);
  });
});

describe("the line at start", () => {
  it.each([
    ["full", "a power cut none"],
    ["normal", "a power cut perhaps the last ones"],
    ["off", "a power cut perhaps all"],
  ])("says what durability %s survives", async (mode, survives) => {
    await using folder = new Folder();
    await using daemon = await startOn(folder, `--durability=${mode}`);
    expect(JSON.parse(daemon.lines[0] ?? "").msg).toContain(`durability ${mode}: `);
    expect(JSON.parse(daemon.lines[0] ?? "").msg).toContain(survives);
    await using admin = await Peer.connect(daemon.port);
    expect(await figures(admin)).toMatchObject({ durability: mode, noSpace: "0" });
  });
});

describe("the directory", () => {
  it("is for its owner alone, as are the files in it", async () => {
    await using folder = new Folder();
    mkdirSync(folder.file("queue"), { mode: 0o755 });
    await using _daemon = await startOn(folder);
    const names = readdirSync(folder.file("queue"));
    expect(names.sort()).toEqual(["ballast", "jobs.sqlite", "jobs.sqlite-wal"]);
    const modes = ["", ...names].map((name) => statSync(folder.file(`queue/${name}`)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  it("is refused while another server has it", async () => {
    await using folder = new Folder();
    await using _daemon = await startOn(folder);
    const reason = `Could not open the data directory ${folder.file("queue")}: another server uses it: stop that one, or choose another directory`;
    await expect(startOn(folder)).rejects.toThrow(reason);
  });

  it("is refused when it holds something else", async () => {
    await using folder = new Folder();
    writeFileSync(folder.file("precious"), "");
    const refused = startDaemon([`--data-dir=${folder.path}`]);
    await expect(refused).rejects.toThrow("it holds other files and no queue: choose an empty directory");
    expect(statSync(folder.path).mode & 0o777).toBe(0o777);
  });

  it.skipIf(process.getuid?.() === 0)("is refused when it cannot be written to", async () => {
    await using folder = new Folder();
    chmodSync(folder.path, 0o500);
    await expect(startOn(folder)).rejects.toThrow("it must be a directory that the server may write to");
  });

  it("is refused when it is a file", async () => {
    await using folder = new Folder();
    writeFileSync(folder.file("queue"), "");
    await expect(startOn(folder)).rejects.toThrow("it must be a directory that the server may write to");
  });
});

it.each([
  [["--durability=normal"], "option '--durability' needs '--data-dir'"],
  [["--data-dir", ""], "for option '--data-dir' is invalid: a directory"],
  [["--data-dir=/tmp/x", "--durability=fast"], "full, normal, off"],
])("%j is refused", (args, reason) => {
  const { status, stderr } = runProgram(...args);
  expect(status).toBe(1);
  expect(stderr).toContain(reason);
});
