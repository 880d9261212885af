import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer } from "../support/client-fake-server.ts";
import { codeOf, eventsOf, gearmanError } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench) => {
  it("gives up a job that takes too long, whose worker goes on for nobody", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("slow");
    const job = await client.submit(name, "", { timeout: 700 });
    const { handle } = await worker.take(name);
    const error = await gearmanError(eventsOf(job));
    expect(error).toMatchObject({ code: "TIMEOUT", next: "unknown" });
    expect(await gearmanError(job.result)).toBe(error);
    worker.send("WORK_COMPLETE", handle, "late");
    const next = client.run(name, "");
    worker.send("WORK_COMPLETE", (await worker.take(name)).handle, "next");
    expect((await next).toString()).toBe("next");
  });

  it("gives up a job whose signal aborts, with its reason", async () => {
    await using client = bench().client();
    const abort = new AbortController();
    const job = await client.submit(fresh("aborted"), "", { signal: abort.signal });
    const events = eventsOf(job);
    abort.abort(new Error("changed my mind"));
    await expect(job.result).rejects.toThrow("changed my mind");
    await expect(events).rejects.toThrow("changed my mind");
  });
});

/** It says nothing at all. */
const mute = () => new FakeServer(() => {});

it("gives up before JOB_CREATED", async () => {
  await using client = new Client({ servers: mute(), exceptions: false });
  const abort = new AbortController();
  const submitted = client.submit("f", "", { signal: abort.signal });
  const timed = codeOf(client.submit("f", "", { timeout: 1, background: true }));
  abort.abort(new Error("no more"));
  await expect(submitted).rejects.toThrow("no more");
  expect(await timed).toBe("TIMEOUT");
});

it("takes what comes for a job that was given up before it was acknowledged", async () => {
  const giveUp = new AbortController();
  const server = new FakeServer(({ name }, session) => {
    if (name?.startsWith("SUBMIT")) giveUp.abort(new Error("enough"));
    if (name !== "ECHO_REQ") return;
    session.send("JOB_CREATED", "H:1");
    session.send("WORK_DATA", "H:1", "late");
    session.send("WORK_COMPLETE", "H:1", "late");
    session.send("ECHO_RES", "there");
  });
  await using client = new Client({ servers: server, exceptions: false });
  await expect(client.submit("f", "", { signal: giveUp.signal })).rejects.toThrow("enough");
  expect((await client.echo()).toString()).toBe("there");
  expect(server.sessions).toHaveLength(1);
});

it("submits nothing when the signal has aborted already", async () => {
  const server = mute();
  await using client = new Client({ servers: server });
  await expect(client.submit("f", "", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  await expect(client.run("f", "", { signal: AbortSignal.abort(null) })).rejects.toBe(null);
  expect(server.sessions).toHaveLength(0);
});

it("lets go of the signal when the job is done", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name !== "SUBMIT_JOB") return;
    session.send("JOB_CREATED", "H:1");
    session.send("WORK_COMPLETE", "H:1", "");
  });
  await using client = new Client({ servers: server, exceptions: false });
  const abort = new AbortController();
  const removed: unknown[] = [];
  const { signal } = abort;
  const remove = signal.removeEventListener.bind(signal);
  signal.removeEventListener = (...[type, listener]: Parameters<AbortSignal["removeEventListener"]>) => {
    removed.push(type);
    remove(type, listener);
  };
  await client.run("f", "", { signal, timeout: 60_000 });
  expect(removed).toEqual(["abort"]);
});

it("waits for ever with a timeout that no timer can take", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "SUBMIT_JOB_BG") session.send("JOB_CREATED", "H:1");
  });
  await using client = new Client({ servers: server, exceptions: false, serverTimeout: Number.POSITIVE_INFINITY });
  await client.submit("f", "", { background: true, timeout: Number.POSITIVE_INFINITY });
});
