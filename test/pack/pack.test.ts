import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect } from "vitest";
import { noProgramLeft, test } from "../support/interop-programs.ts";
import { Installed } from "./installed.ts";

noProgramLeft();

/** Whom the server runs as when the test is root: nobody. */
const NOBODY = 65534;

let made: Installed | undefined;
beforeAll(() => {
  made = new Installed();
}, 120_000);
afterAll(() => made?.[Symbol.asyncDispose]());

function installed(): Installed {
  if (made === undefined) throw new Error("the package was not installed");
  return made;
}

test("what is packed", () => {
  expect(readdirSync(installed().package).sort()).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bin",
    "dist",
    "docs",
    "package.json",
  ]);
  expect(readdirSync(`${installed().package}/docs/examples`)).toContain("reverse.ts");
});

test("the three programs run, the server as another user", async ({ programs }) => {
  const { child, port } = await serve();
  expect(await ask(port, "version\n")).toContain("OK ");
  const env = { GEARMAN_SERVER: "", GEARMAN_SERVERS: `127.0.0.1:${port}` };
  const [tool, admin] = [installed().program("gearman-ts"), installed().program("gearadmin-ts")];
  const worker = programs.start({ file: tool, args: ["-f", "count", "--", "wc", "-c"], env });
  const client = await programs.run({ file: tool, args: ["-f", "count"], env }, "12345");
  expect(client).toEqual({ code: 0, stdout: expect.stringMatching(/^ *5\n$/), stderr: "" });
  const status = await programs.run({ file: admin, args: ["--status"], env });
  expect(status).toEqual({ code: 0, stdout: "count\t0\t0\t1\n.\n", stderr: "" });
  worker.signal("SIGTERM");
  expect((await worker.result()).code).toBe(0);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});

const USE = `
import { Client as OfClient } from "gearmand-ts/client";
import { Worker as OfWorker } from "gearmand-ts/worker";
import { Client, createServer, FailJob, GearmanError, Worker } from "gearmand-ts";
if (OfClient !== Client || OfWorker !== Worker) throw new Error("they are not the same");
const server = createServer({ listen: [] });
await server.start();
const worker = new Worker({ servers: server });
worker.register("double", (job) => {
  if (job.text() === "") throw new FailJob();
  return job.text().repeat(2);
});
const client = new Client({ servers: server });
console.log(String(await client.run("double", "ab")));
await client.run("double", "").catch((error) => console.log(error instanceof GearmanError && error.code));
await client.close();
await worker.close();
await server.stop();
`;

test("the library in one process", async ({ programs }) => {
  expect(await programs.run(installed().module(USE))).toEqual({ code: 0, stdout: "abab\nJOB_FAILED\n", stderr: "" });
});

const TYPED = `${USE}
const { byteLength } = await new Client().run("f", "x");
// @ts-expect-error: if the types were not found it would be any, and fit
const wrong: string = byteLength;
console.log(wrong);
`;

test.for([
  ["--module", "nodenext"],
  ["--module", "esnext", "--moduleResolution", "bundler"],
])("types: %s %s", { timeout: 120_000 }, async (flags, { programs }) => {
  expect(await programs.run(installed().check(TYPED, flags))).toEqual({ code: 0, stdout: "", stderr: "" });
});

// The last, as it takes the package apart.
test("client and worker need nothing of the server, nor of its dependencies", async ({ programs }) => {
  const others = ["dist/admin", "dist/cli", "dist/core", "dist/server", "dist/store"];
  for (const path of others) rmSync(`${installed().package}/${path}`, { recursive: true });
  for (const path of ["commander", "pino", "pino-pretty"])
    rmSync(installed().file(`node_modules/${path}`), { recursive: true });
  const load = (path: string) =>
    programs.run(installed().module(`console.log(Object.keys(await import("${path}")).sort().join(" "))`));

  expect((await load("gearmand-ts/client")).stdout).toBe("Client GearmanError JobError LIBRARY_ERRORS\n");
  expect((await load("gearmand-ts/worker")).stdout).toBe("FailJob GearmanError LIBRARY_ERRORS Worker\n");
  expect((await load("gearmand-ts")).stderr).toContain("ERR_MODULE_NOT_FOUND");
});

/** Starts the installed server on a free port. */
async function serve(): Promise<{ child: ChildProcess; port: number }> {
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(installed().program("gearmand-ts"), ["-p", "0", "-L", "127.0.0.1"], {
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    ...identity,
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? /"port":(\d+)/.exec(line)?.[1];
    if (port !== undefined) return { child, port: Number(port) };
  }
  throw new Error("the server ended before it listened");
}

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.end(command);
  const [answer] = await once(socket, "data");
  return String(answer);
}
