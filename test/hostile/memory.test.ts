import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { rawPacket } from "../support/codec-stream.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { Dialer, gone, Honest, request } from "../support/hostile-peers.ts";

const MiB = 1024 ** 2;

/** A figure of the process, bytes: VmSize, VmRSS, VmHWM (the most that RSS ever was). */
function memory({ pid }: Daemon, figure: "VmSize" | "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(new RegExp(`^${figure}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
}

/** A daemon with an honest client and worker, and a way to make attackers. */
async function besiege(flags: readonly string[]) {
  const daemon = await startDaemon(["--backlog", "511", ...flags]);
  const where = { host: "127.0.0.1", port: daemon.port };
  const honest = new Honest(() => connect({ ...where, noDelay: true }).on("error", () => {}));
  await honest.served(20);
  const dialer = new Dialer(where);
  const lift = async (): Promise<void> => {
    await dialer.hangUp();
    await honest.stop();
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
  };
  return { daemon, honest, dialer, [Symbol.asyncDispose]: lift };
}

test("thousands of headers that declare 4 GiB, or as much as is allowed, take no memory for it", async () => {
  await using siege = await besiege([]);
  const { daemon, honest, dialer } = siege;
  const [size, resident] = [memory(daemon, "VmSize"), memory(daemon, "VmRSS")];
  const headers = [2 ** 32 - 1, 2 ** 31, 255 * MiB].map((declared) =>
    rawPacket("x".repeat(500), { type: 7, size: declared }),
  );
  const count = 3000;
  for (let opened = 0; opened < count; opened += 100) {
    const sockets = Array.from({ length: 100 }, () => dialer.connected());
    for (const [index, socket] of (await Promise.all(sockets)).entries())
      socket.resume().write(headers[index % 3] ?? "");
    await honest.served(1);
  }
  await honest.served(10);
  expect(memory(daemon, "VmSize") - size).toBeLessThan(200 * MiB);
  expect(memory(daemon, "VmRSS") - resident).toBeLessThan(count * 16 * 1024);
}, 60_000);

test("clients that never read their large results: memory stays within the output limit, and they are cut", async () => {
  await using siege = await besiege(["--max-output-bytes", "64M", "--output-timeout", "1"]);
  const { daemon, honest, dialer } = siege;
  const clients = await Promise.all(Array.from({ length: 40 }, () => dialer.connected()));
  for (const client of clients) client.write(request("SUBMIT_JOB", "f", "", "go"));
  const worker = dialer.peer();
  await worker.ask("CAN_DO", "f");
  let jobs = 0;
  for (; jobs < 40; jobs++) {
    const [job = ""] = await worker.ask("GRAB_JOB");
    if (!job.startsWith("JOB_ASSIGN")) break;
    worker.wire.send(request("WORK_COMPLETE", job.split(" ")[1] ?? "", "x".repeat(16 * MiB)).toString("latin1"));
    await worker.heard();
  }
  expect(jobs).toBeGreaterThan(20);
  await honest.served(10);
  expect(memory(daemon, "VmHWM")).toBeLessThan(512 * MiB);
}, 60_000);

test("a flood of ECHO without reading: memory stays bounded, and they are cut", async () => {
  await using siege = await besiege(["--output-timeout", "1"]);
  const { daemon, honest, dialer } = siege;
  const before = memory(daemon, "VmRSS");
  const packet = request("ECHO_REQ", "x".repeat(MiB));
  const attacks = Array.from({ length: 30 }, async () => {
    const socket = await dialer.connected();
    const more = (): void => {
      while (!socket.destroyed && socket.write(packet));
    };
    socket.on("drain", more);
    more();
    await gone(socket);
  });
  await Promise.all(attacks);
  await honest.served(10);
  expect(memory(daemon, "VmHWM") - before).toBeLessThan(256 * MiB);
}, 60_000);
