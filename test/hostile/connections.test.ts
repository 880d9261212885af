import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Dialer, eventually, gone, Honest, limits, Siege } from "../support/hostile-peers.ts";

test("a flood of connections up to the limit: those beyond are closed, those within are served", async () => {
  await using siege = await Siege.begin({ backlog: 511, transport: limits({ maxConnections: 100 }) });
  const old = siege.peer();
  await old.heard();
  for (let round = 0; round < 3; round++) {
    const sockets = Array.from({ length: 300 }, () => siege.dial().resume());
    await eventually(() => siege.counters.dropped >= 203 * (round + 1), "the rest is dropped");
    expect(siege.now.connections).toBe(100);
    expect(await old.ask("ECHO_REQ", "still here")).toEqual(["ECHO_RES still here"]);
    for (const socket of sockets) socket.destroy();
    await eventually(() => siege.now.connections === 3, "they are gone");
  }
  expect(await siege.peer().ask("ECHO_REQ", "room again")).toEqual(["ECHO_RES room again"]);
}, 60_000);

/** Processor time that the process has used, milliseconds. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Lowers the number of files that the daemon may have open, while it runs: Node has raised its own limit at start. */
function lowerFileLimit(daemon: Daemon, files: number): void {
  execFileSync("prlimit", ["--pid", `${daemon.pid}`, `--nofile=${files}:${files}`]);
}

/** What the daemon answers to `version` on a new connection; empty if it has no room for one. */
async function version(dialer: Dialer): Promise<string> {
  const socket = dialer.dial();
  socket.write("version\n");
  const answered = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
  const answer = await Promise.race([answered, gone(socket).then(() => "")]);
  socket.destroy();
  return answer;
}

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

test.skipIf(!hasPrlimit)(
  "at the file-descriptor limit old connections are served, nothing spins, and it recovers",
  async () => {
    await using daemon = await startDaemon(["--max-connections", "10000", "--backlog", "511"]);
    const makeSocket = () => connect({ host: "127.0.0.1", port: daemon.port, noDelay: true }).on("error", () => {});
    const honest = new Honest(makeSocket);
    await honest.served(3);
    lowerFileLimit(daemon, 64);
    const dialer = new Dialer({ host: "127.0.0.1", port: daemon.port });
    const flood = Array.from({ length: 200 }, () => dialer.dial().resume());
    // The kernel's queue and the process take some; the process cannot open the others.
    await Promise.race(flood.map(gone));
    await honest.served(20);
    const [before, began] = [processorTime(daemon.pid), performance.now()];
    await honest.served(50);
    await sleep(Math.max(0, 1000 - (performance.now() - began)));
    const busy = (processorTime(daemon.pid) - before) / (performance.now() - began);
    expect(busy).toBeLessThan(0.7);
    await dialer.hangUp();
    // The daemon may still be closing those: it takes a moment until there is room again.
    let answer = "";
    while (answer === "") answer = await version(dialer);
    expect(answer).toMatch(/^OK /);
    await honest.stop();
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
  },
  60_000,
);

test.skipIf(!hasPrlimit)(
  "with a low file-descriptor limit from the start, connections beyond it are closed",
  async () => {
    await using daemon = await startDaemon(["-f", "64", "--backlog", "511"]);
    const makeSocket = () => connect({ host: "127.0.0.1", port: daemon.port, noDelay: true }).on("error", () => {});
    const honest = new Honest(makeSocket);
    await honest.served(3);
    const dialer = new Dialer({ host: "127.0.0.1", port: daemon.port });
    const flood = Array.from({ length: 200 }, () => dialer.dial().resume());
    await eventually(() => dialer.sockets.size <= 40, "most are closed");
    await honest.served(10);
    for (const socket of flood) socket.destroy();
    await honest.stop();
  },
  60_000,
);
