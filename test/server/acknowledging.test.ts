import { expect, test } from "vitest";
import { startServer } from "../support/server-harness.ts";
import { encode } from "../support/wire.ts";

/** Lets every packet sent so far be served, though an answer may have to wait for the store. */
const served = (peers: { ask(name: "ECHO_REQ", data: string): Promise<string[]> }): Promise<string[]> =>
  peers.ask("ECHO_REQ", "served");

test("JOB_CREATED of a background job leaves after its commit, and what stands behind it waits with it", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [client, other] = [connect(), connect()];
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]) + encode("ECHO_REQ", ["behind"]));
  await served(other);
  expect(store.operations).toEqual(["put H:1"]);
  expect(client.take()).toEqual([]);
  store.commit();
  expect(await client.next(2)).toEqual(["JOB_CREATED H:1", "ECHO_RES behind"]);
});

test("a job is not handed out before its commit", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [client, worker] = [connect(), connect()];
  await worker.ask("CAN_DO", "f");
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "data"]));
  await served(connect());
  expect(await worker.ask("GRAB_JOB")).toEqual(["NO_JOB"]);
  await worker.ask("PRE_SLEEP");
  store.commit();
  expect(await worker.next()).toEqual(["NOOP"]);
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:1 f data"]);
});

test("other connections do not wait for a commit", async () => {
  await using context = await startServer();
  const { connect } = context;
  const [client, other] = [connect(), connect()];
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "data"]));
  expect(await other.ask("SUBMIT_JOB", "f", "", "now")).toEqual(["JOB_CREATED H:2"]);
});

test("a commit that fails: background submitters get ERROR, and the key is free", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [one, two] = [connect(), connect()];
  one.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  two.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  await served(connect());
  store.fail();
  expect(await one.next()).toEqual(["ERROR QUEUE_ERROR Job could not be stored"]);
  expect(await two.next()).toEqual(["ERROR QUEUE_ERROR Job could not be stored"]);
  one.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  await served(connect());
  expect(store.operations).toEqual(["put H:1", "put H:2"]);
});

test("a commit that fails: the job lives on for the foreground clients that joined", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [background, foreground, worker] = [connect(), connect(), connect()];
  await worker.ask("CAN_DO", "f");
  background.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  await served(connect());
  foreground.wire.send(encode("SUBMIT_JOB", ["f", "u", "other"]));
  await served(connect());
  store.fail();
  expect(await background.next()).toEqual(["ERROR QUEUE_ERROR Job could not be stored"]);
  expect(await foreground.next()).toEqual(["JOB_CREATED H:1"]);
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:1 f data"]);
  await worker.ask("WORK_COMPLETE", "H:1", "result");
  expect(await foreground.next()).toEqual(["WORK_COMPLETE H:1 result"]);
  expect(store.operations).toEqual(["put H:1"]);
});

test("a running foreground job that is promoted goes on; if it ends first, the background submit is acknowledged", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [background, foreground, worker] = [connect(), connect(), connect()];
  await worker.ask("CAN_DO", "f");
  await foreground.ask("SUBMIT_JOB", "f", "u", "data");
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:1 f data"]);
  background.wire.send(encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  await served(connect());
  expect(background.take()).toEqual([]);
  await worker.ask("WORK_COMPLETE", "H:1", "result");
  expect(await background.next()).toEqual(["JOB_CREATED H:1"]);
  expect(await foreground.next()).toEqual(["WORK_COMPLETE H:1 result"]);
  store.commit();
  expect(store.operations).toEqual(["put H:1", "remove H:1"]);
});

test("the store hears of retries, ends, cancelled and dead jobs, in order", async () => {
  await using context = await startServer({ jobRetries: 2 });
  const { store, connect } = context;
  const [client, admin] = [connect(), connect()];
  for (const unique of ["a", "b", "c"]) {
    client.wire.send(encode("SUBMIT_JOB_BG", ["f", unique, "data"]));
    await served(admin);
    store.commit();
  }
  await client.next(3);
  for (const _death of [1, 2]) {
    const worker = connect();
    await worker.ask("CAN_DO", "f");
    await worker.ask("GRAB_JOB");
    await worker.ask("CANT_DO", "f");
  }
  const worker = connect();
  await worker.ask("CAN_DO", "f");
  await worker.ask("GRAB_JOB");
  await worker.ask("WORK_FAIL", "H:3");
  await admin.type("cancel job H:2");
  await worker.ask("GRAB_JOB");
  await worker.ask("CANT_DO", "f");
  expect(store.operations).toEqual([
    "put H:1",
    "put H:2",
    "put H:3",
    "retried H:1 1",
    "retried H:2 1",
    "remove H:3",
    "remove H:2",
    "bury H:1",
  ]);
});

test("a peer that has said its last word is answered after the commit, then the connection closes", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const client = connect();
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "data"]));
  client.wire.halfClose();
  await served(connect());
  expect(client.take()).toEqual([]);
  store.commit();
  await client.wire.until(() => client.wire.ended, 5000);
  expect(client.take()).toEqual(["JOB_CREATED H:1"]);
});

test("a client that left before the commit leaves its background job behind", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [client, worker] = [connect(), connect()];
  client.wire.send(encode("SUBMIT_JOB_BG", ["f", "", "data"]));
  await served(worker);
  client.wire.destroy();
  await served(worker);
  store.commit();
  await worker.ask("CAN_DO", "f");
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:1 f data"]);
});
