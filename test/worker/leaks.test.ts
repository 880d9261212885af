import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { onEachServer } from "../support/interop-servers.ts";
import { addressOf, clientOf } from "../support/worker-sessions.ts";

const PROGRAM = new URL("../support/worker-child.ts", import.meta.url).pathname;

async function start(server: string, when: string) {
  const child = spawn(process.execPath, ["--import", "tsx", PROGRAM, server, when], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const exited = once(child, "exit");
  const output = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await Promise.race([once(output, "line"), exited]);
  return { child, lines, exited, [Symbol.asyncDispose]: () => end(child, exited) };
}

async function end(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  await exited;
}

describe("a process", () => {
  onEachServer([], (server) => {
    test.each(["maxJobs", "after a job", "SIGTERM"])(
      "lives as long as its worker, and ends by itself: %s",
      async (when) => {
        await using program = await start(addressOf(server()), when);
        expect(program.lines).toEqual(["ready"]);
        await using client = await clientOf(server());
        if (when === "SIGTERM") program.child.kill("SIGTERM");
        else client.send("SUBMIT_JOB", when, "", "x");
        expect(await program.exited).toEqual([0, null]);
        expect(program.lines).toEqual(["ready", "closed"]);
      },
    );
  });
});
