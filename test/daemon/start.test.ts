import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { installed, runProgram } from "../support/program.ts";

const answersAt = async (to: Parameters<typeof Peer.connect>[0]): Promise<void> => {
  await using peer = await Peer.connect(to);
  expect(await peer.text("status")).toBe(".\n");
};

describe("the first line of the log", () => {
  it("says where, what, and what a restart loses", async () => {
    await using daemon = await startDaemon(["--drain-timeout=1s", "--max-jobs=5", "-t4"]);
    const line = JSON.parse(daemon.lines[0] ?? "");
    expect(line).toMatchObject({
      level: "info",
      pid: daemon.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      addresses: [`127.0.0.1:${daemon.port}`],
      drainTimeout: 1000,
      maxJobs: 5,
      withoutEffect: ["--threads has no effect: one thread does all the work"],
    });
    expect(line.msg).toContain(
      `listens on 127.0.0.1:${daemon.port}; durability memory: of acknowledged background jobs a crash of the server loses all, a power cut all`,
    );
  });
});

it("the first line has the limits in force, not the zeros that stand for them", async () => {
  await using daemon = await startDaemon(["--max-waits=7"]);
  const { maxJobs, maxJobBytes, maxWaits, maxConnections } = JSON.parse(daemon.lines[0] ?? "");
  expect(Math.min(maxJobs, maxJobBytes, maxConnections)).toBeGreaterThan(0);
  expect(maxWaits).toBe(7);
});

describe("listening", () => {
  it("on all addresses by default", async () => {
    await using daemon = await startDaemon(["-p0"]);
    await answersAt({ host: "127.0.0.1", port: daemon.port });
    await answersAt({ host: "::1", port: daemon.port });
  });

  it("on several addresses and a Unix socket", async () => {
    await using folder = new Folder();
    const path = folder.file("socket");
    await using daemon = await startDaemon(["-p0", "-L127.0.0.1", "--listen=[::1]:0", `-Lunix:${path}`]);
    const [first, second, third] = daemon.addresses;
    expect([first, second, third]).toEqual([
      { host: "127.0.0.1", port: expect.any(Number) },
      { host: "::1", port: expect.any(Number) },
      { path },
    ]);
    for (const address of daemon.addresses) await answersAt(address);
  });

  it("on the port that GEARMAND_PORT names", async () => {
    await using daemon = await startDaemon(["-L127.0.0.1"], { env: { GEARMAND_PORT: "0" } });
    expect(daemon.port).toBeGreaterThan(0);
    expect(daemon.port).not.toBe(4730);
  });

  it("ignores the GEARMAND_PORT of Kubernetes, and says so", async () => {
    await using daemon = await startDaemon([], { env: { GEARMAND_PORT: "tcp://10.0.0.1:4730" } });
    expect(daemon.lines[0]).toContain("GEARMAND_PORT=tcp://10.0.0.1:4730 is ignored");
  });

  it("fails on a port that is taken, with the reason", async () => {
    await using daemon = await startDaemon();
    const { status, stderr } = runProgram("-L127.0.0.1", `-p${daemon.port}`, "-lnone");
    expect([status, stderr]).toEqual([
      1,
      `gearmand-ts: Could not listen on 127.0.0.1:${daemon.port}: the port is in use; stop the server that holds it, or choose another with --port\n`,
    ]);
  });
});

describe("the config file", () => {
  it("is read, and its other words are warned of", async () => {
    await using folder = new Folder();
    const file = folder.file("gearmand.conf");
    writeFileSync(file, "# ours\n--port=0 --listen=127.0.0.1\n--job-handle-prefix C");
    await using daemon = await startDaemon([`--config-file=${file}`]);
    expect(JSON.parse(await daemon.line("are ignored"))).toMatchObject({
      level: "warn",
      msg: `words in ${file} that are no flags are ignored: # ours`,
    });
    await using client = await Peer.connect(daemon.port);
    client.send("SUBMIT_JOB_BG", "f", "", "");
    expect(await client.packet("JOB_CREATED")).toEqual(["C:1"]);
  });
});

it("npm start passes arguments after --", () => {
  const { stdout } = spawnSync("npm", ["start", "--silent", "--", "--version"], { encoding: "utf8" });
  expect(stdout).toMatch(/^\ngearmand-ts \d/);
});

it.skipIf(!installed("nc"))("printf 'status\\n' | nc works", async () => {
  await using daemon = await startDaemon();
  const { stdout } = spawnSync("sh", ["-c", `printf 'status\n' | nc -N 127.0.0.1 ${daemon.port}`], {
    encoding: "utf8",
  });
  expect(stdout).toBe(".\n");
});
