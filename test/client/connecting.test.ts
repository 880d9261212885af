import { once } from "node:events";
import { createServer, type Server as NetServer } from "node:net";
import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import type { LogFields, Logger } from "../../src/lib/log.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { FakeServer } from "../support/client-fake-server.ts";
import { codeOf, gearmanError } from "../support/client-outcome.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

function portOf(server: NetServer): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

it("fails at once where nobody listens, if it is not to wait", async () => {
  const address = `127.0.0.1:${await closedPort()}`;
  await using client = new Client({ servers: address, serverTimeout: 0 });
  const error = await gearmanError(client.submit("f", ""));
  expect(error).toMatchObject({ code: "NO_SERVER", next: "retry", cause: { code: "NO_SERVER" } });
  expect(error.message).toMatch(new RegExp(`no server for a job of "f": no connection to ${address}: .*ECONNREFUSED`));
});

it("says why a server cannot be asked, before and after the first attempt", async () => {
  const server = `127.0.0.1:${await closedPort()}`;
  await using client = new Client({ servers: server });
  for (let attempt = 0; attempt < 2; attempt++) {
    const error = await gearmanError(client.status({ server, handle: "H:1" }));
    expect(error).toMatchObject({ code: "NO_SERVER", message: expect.stringContaining("ECONNREFUSED") });
  }
});

it("tries each server once, and says what each of them said", async () => {
  const servers = [`127.0.0.1:${await closedPort()}`, `127.0.0.1:${await closedPort()}`];
  await using client = new Client({ servers, serverTimeout: 0, choose: "in-order" });
  const error = await gearmanError(client.submit("f", ""));
  for (const server of servers) expect(error.message).toContain(server);
  expect(error.cause).toBeInstanceOf(AggregateError);
  expect((await gearmanError(client.echo())).message).toContain("ECONNREFUSED");
});

it("waits for a server that is not there yet", async () => {
  const port = await closedPort();
  await using client = new Client({ servers: `127.0.0.1:${port}` });
  const down = new Promise((resolve) => client.once("disconnected", resolve));
  const submitted = client.submit("f", "", { background: true });
  await down;
  await using _daemon = await startDaemon(["-L127.0.0.1", `-p${port}`]);
  expect((await submitted).server).toBe(`127.0.0.1:${port}`);
});

it("gives a job up for which no server came in time", async () => {
  await using client = new Client({ servers: `127.0.0.1:${await closedPort()}`, serverTimeout: 60 });
  expect(await codeOf(client.run("f", ""))).toBe("NO_SERVER");
});

it("waits for a server longer than a timer can", async () => {
  await using client = new Client({ servers: `127.0.0.1:${await closedPort()}`, serverTimeout: 2 ** 40 });
  expect(await codeOf(client.run("f", "", { timeout: 50 }))).toBe("TIMEOUT");
});

it("says of a name that does not resolve what the system says", async () => {
  await using client = new Client({ servers: "nowhere.invalid", serverTimeout: 0 });
  expect((await gearmanError(client.submit("f", ""))).message).toMatch(/nowhere\.invalid:4730.*(ENOTFOUND|EAI_AGAIN)/);
});

it("gives up a server that takes connections and says nothing", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = new Set<() => void>();
  server.on("connection", (socket) => sockets.add(() => socket.destroy()));
  await using client = new Client({ servers: `127.0.0.1:${portOf(server)}`, serverTimeout: 0, connectTimeout: 50 });
  expect((await gearmanError(client.submit("f", ""))).message).toContain("did not answer within 50 ms");
  for (const destroy of sockets) destroy();
  server.close();
  await once(server, "close");
});

it("connects to a Unix socket", async () => {
  await using folder = new Folder();
  const path = folder.file("g.sock");
  await using _daemon = await startDaemon([`-Lunix:${path}`]);
  await using client = new Client({ servers: `unix:${path}` });
  const job = await client.submit("f", "", { background: true });
  expect(job.server).toBe(`unix:${path}`);
  expect(await client.status(job)).toMatchObject({ known: true });
});

it.each([
  ["no servers", { servers: [] }, "ADDRESS"],
  ["an address that is none", { servers: "http://localhost" }, "ADDRESS"],
  ["an id that is too long", { id: "x".repeat(128) }, "ARGUMENT"],
  ["a choice that there is not", { choose: "random" as "hash" }, "ARGUMENT"],
  ["a server timeout that is no number", { serverTimeout: Number.NaN }, "ARGUMENT"],
  ["no time to acknowledge", { ackTimeout: 0 }, "ARGUMENT"],
  ["no time to connect", { connectTimeout: 0 }, "ARGUMENT"],
  ["a time to connect that no timer can take", { connectTimeout: Number.POSITIVE_INFINITY }, "ARGUMENT"],
])("refuses %s", async (_what, options, code) => {
  expect(await codeOf((async () => new Client(options))())).toBe(code);
});

it("tells listeners and the logger when servers come and go", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "SUBMIT_JOB" && session === server.sessions[0]) session.destroy();
    else if (name === "SUBMIT_JOB") session.send("JOB_CREATED", "H:1");
  });
  const told: unknown[] = [];
  const logged: string[] = [];
  const info = (fields: LogFields, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const logger: Logger = { ...silentLogger, info };
  await using client = new Client({ servers: server, exceptions: false, logger });
  client.on("connected", (name) => told.push(["connected", name]));
  client.on("disconnected", (name, why) => told.push(["disconnected", name, why.code]));
  client.on("resubmitted", (job, from, why) => told.push(["resubmitted", job, from, why.code]));
  await client.submit("f", "", { unique: "u" });
  expect(told).toEqual([
    ["connected", "memory#1"],
    ["disconnected", "memory#1", "LOST"],
    ["resubmitted", { function: "f", unique: "u" }, "memory#1", "LOST"],
    ["connected", "memory#1"],
  ]);
  expect(logged.map((line) => line.split(" ")[0])).toEqual(["connected", "disconnected", "resubmitted", "connected"]);
});
