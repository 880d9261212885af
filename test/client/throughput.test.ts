import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer, type FakeSession } from "../support/client-fake-server.ts";
import { fresh, onServers } from "../support/client-servers.ts";

const JOBS = 10_000;

onServers((bench) => {
  it("has 10,000 jobs at once on one connection, each with its own result", { timeout: 60_000 }, async () => {
    await using client = bench().client({ id: fresh("many") });
    await using worker = await bench().worker();
    const name = fresh("echo");
    const jobs = await Promise.all(Array.from({ length: JOBS }, (_, index) => client.submit(name, `${index}`)));
    expect(await worker.text("status")).toMatch(new RegExp(`^${name}\t${JOBS}\t0\t0$`, "m"));
    expect(new Set(jobs.map(({ handle }) => handle)).size).toBe(JOBS);
    const serving = worker.serve(({ workload }) => `done ${workload}`, name);
    const results = await Promise.all(jobs.map(({ result }) => result));
    expect(results.map(String)).toEqual(Array.from({ length: JOBS }, (_, index) => `done ${index}`));
    worker.destroy();
    await serving;
  });
});

it("has at most 1000 submits without an answer; the others wait", async () => {
  const server = new FakeServer(() => {});
  await using client = new Client({ servers: server, exceptions: false });
  const submits = Array.from({ length: 1500 }, () => client.submit("f", "", { background: true }));
  const session = await connected(client, server);
  while (session.requests.length < 1000) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(session.requests).toHaveLength(1000);
  for (let answer = 0; answer < 10; answer++) session.send("JOB_CREATED", `H:${answer}`);
  await Promise.all(submits.slice(0, 10));
  while (session.requests.length < 1010) await new Promise(setImmediate);
  for (let answer = 10; answer < 1500; answer++) session.send("JOB_CREATED", `H:${answer}`);
  const handles = (await Promise.all(submits)).map(({ handle }) => handle);
  expect(handles).toEqual(handles.map((_, index) => `H:${index}`));
});

const acknowledging = new FakeServer(({ name }, session) => {
  if (name === "SUBMIT_JOB_BG") session.send("JOB_CREATED", "H:1");
  if (name === "ECHO_REQ") session.send("ECHO_RES", "");
});

/** Connects; from then on the server reads nothing. */
async function deaf(client: Client): Promise<FakeSession> {
  await client.echo();
  const session = acknowledging.sessions.at(-1);
  if (session === undefined) throw new Error("not connected");
  session.pause();
  return session;
}

it("hands no more to a server that does not read than fits, and goes on when it does", async () => {
  await using client = new Client({ servers: acknowledging, exceptions: false });
  const session = await deaf(client);
  let read = 0;
  const workload = (): { size: number; open(): AsyncGenerator<Uint8Array> } => ({
    size: 1024 ** 2,
    async *open() {
      read += 1;
      yield Buffer.alloc(1024 ** 2);
    },
  });
  const submits = Array.from({ length: 20 }, () => client.submit("f", workload(), { background: true }));
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  expect(read).toBeLessThan(5);
  session.resume();
  await Promise.all(submits);
  expect(read).toBe(20);
});

it("holds workloads back that the server does not take, so that those that are given up are never sent", async () => {
  await using client = new Client({ servers: acknowledging, exceptions: false });
  const session = await deaf(client);
  const abort = new AbortController();
  const workload = Buffer.alloc(1024 ** 2, "x");
  const wanted = Array.from({ length: 5 }, () => client.submit("f", workload, { background: true }));
  const unwanted = Array.from({ length: 5 }, () =>
    client.submit("f", workload, { background: true, signal: abort.signal }),
  );
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  abort.abort(new Error("never mind"));
  for (const each of unwanted) await expect(each).rejects.toThrow("never mind");
  session.resume();
  await Promise.all(wanted);
  await client.echo();
  expect(session.requests.filter(({ name }) => name === "SUBMIT_JOB_BG")).toHaveLength(5);
});

async function connected(client: Client, server: FakeServer) {
  if (server.sessions[0] === undefined) await new Promise<void>((resolve) => client.once("connected", () => resolve()));
  const [session] = server.sessions;
  if (session === undefined) throw new Error("no connection");
  return session;
}
