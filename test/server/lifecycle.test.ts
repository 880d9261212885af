import { expect, test } from "vitest";
import { createServer } from "../../src/index.ts";
import { startServer } from "../support/server-harness.ts";

test("stop: submits are refused, grabs find nothing, a running job may finish", async () => {
  const { server, store, connect } = await startServer({ drainTimeout: 10_000 });
  const [client, worker] = [connect(), connect()];
  await worker.ask("CAN_DO", "f");
  await client.ask("SUBMIT_JOB", "f", "", "data");
  await worker.ask("GRAB_JOB");
  const stopped = server.stop();
  expect(await client.ask("SUBMIT_JOB", "f", "", "late")).toEqual(["ERROR SHUTDOWN Server is shutting down"]);
  expect(await worker.ask("GRAB_JOB")).toEqual(["NO_JOB"]);
  worker.wire.send("\0REQ\0\0\0\r\0\0\0\nH:1\0result");
  expect(await client.next()).toEqual(["WORK_COMPLETE H:1 result"]);
  await stopped;
  await server.closed;
  expect(store.closed).toBe(true);
  expect([client.wire.ended, worker.wire.ended]).toEqual([true, true]);
});

test("stop: a job that does not finish is waited for no longer than drainTimeout", async () => {
  const { server, connect } = await startServer({ drainTimeout: 20 });
  const [client, worker] = [connect(), connect()];
  await worker.ask("CAN_DO", "f");
  await client.ask("SUBMIT_JOB", "f", "", "data");
  await worker.ask("GRAB_JOB");
  await server.stop();
  expect(server.stats().now.connections).toBe(0);
});

test("stop: a held grab is answered", async () => {
  const { server, connect } = await startServer();
  const [client, worker] = [connect(), connect()];
  await worker.ask("CAN_DO", "f");
  await client.ask("SUBMIT_JOB", "f", "", "data");
  await worker.ask("GRAB_JOB");
  worker.wire.send("\0REQ\0\0\0\r\0\0\0\nH:1\0result\0REQ\0\0\0\t\0\0\0\0");
  await client.next();
  await server.stop();
  expect(worker.take()).toEqual(["NO_JOB"]);
});

test("stopWhenEmpty: those that are there go on, with new jobs too, until none is left", async () => {
  const { server, connect } = await startServer();
  const [client, worker] = [connect(), connect()];
  await client.ask("SUBMIT_JOB", "f", "", "one");
  const stopped = server.stopWhenEmpty();
  expect(await client.ask("SUBMIT_JOB", "f", "", "two")).toEqual(["JOB_CREATED H:2"]);
  await worker.ask("CAN_DO", "f");
  await worker.ask("GRAB_JOB");
  await worker.ask("WORK_COMPLETE", "H:1", "1");
  expect(await worker.ask("GRAB_JOB")).toEqual(["JOB_ASSIGN H:2 f two"]);
  worker.wire.send("\0REQ\0\0\0\r\0\0\0\x05H:2\0" + "2");
  await stopped;
  expect(client.take()).toEqual(["WORK_COMPLETE H:1 1", "WORK_COMPLETE H:2 2"]);
});

test("the text command shutdown stops a server that allows it", async () => {
  const { server, connect } = await startServer({ allowShutdown: true });
  const admin = connect();
  admin.wire.send("shutdown\n");
  await server.closed;
  expect(admin.take()).toEqual(["OK\r\n"]);
});

test("the text command shutdown graceful waits for the last job", async () => {
  const { server, connect } = await startServer({ allowShutdown: true });
  const [client, admin] = [connect(), connect()];
  await client.ask("SUBMIT_JOB", "f", "", "data");
  expect(await admin.type("shutdown graceful")).toEqual(["OK\r\n"]);
  expect(await admin.type("cancel job H:1")).toEqual(["OK\r\n"]);
  await server.closed;
});

test("shutdown is an unknown command for others", async () => {
  await using context = await startServer();
  const admin = context.connect();
  expect(await admin.type("shutdown")).toEqual(["ERR UNKNOWN_COMMAND Unknown+server+commandshutdown\r\n"]);
});

test("stats: counters and what is held now", async () => {
  await using context = await startServer();
  const { server, store, connect } = context;
  const [client, worker] = [connect(), connect()];
  await client.ask("SUBMIT_JOB", "f", "u", "data");
  await client.ask("SUBMIT_JOB", "f", "u", "data");
  client.wire.send("\0REQ\0\0\0\x12\0\0\0\x07g\0\0more");
  await worker.ask("CAN_DO", "f");
  store.commit();
  await worker.ask("GRAB_JOB");
  const { jobs, connections, now } = server.stats();
  expect(jobs).toMatchObject({ submitted: 2, submittedBackground: 1, coalesced: 1, assigned: 1 });
  expect(connections).toMatchObject({ accepted: 2, closed: 0, errors: 0 });
  expect(now).toMatchObject({ jobs: 2, jobBytes: 8, running: 1, runnable: 1, functions: 2, connections: 2 });
});

test("start: all ports open or none", async () => {
  const first = createServer({ listen: [{ host: "127.0.0.1", port: 0 }] });
  const [address] = await first.start();
  if (address === undefined || !("port" in address)) throw new Error("no port");
  const second = createServer({
    listen: [
      { host: "127.0.0.1", port: 0 },
      { host: "127.0.0.1", port: address.port },
    ],
  });
  await expect(second.start()).rejects.toMatchObject({
    code: "EADDRINUSE",
    message: `Could not listen on 127.0.0.1:${address.port}: the port is in use; stop the server that holds it, or choose another with --port`,
  });
  await second.stop();
  await first.stop();
});
