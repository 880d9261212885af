import { expect, test } from "vitest";
import { startServer } from "../support/server-harness.ts";
import { encode } from "../support/wire.ts";

test("ECHO_RES comes after what was asked before is stored, and nothing behind it is read until then", async () => {
  await using context = await startServer();
  const { store, connect } = context;
  const [worker, other] = [connect(), connect()];
  worker.wire.send(encode("OPTION_REQ", ["barrier"]));
  expect(await worker.next()).toEqual(["OPTION_RES barrier"]);
  worker.wire.send(encode("ECHO_REQ", ["stored"]) + encode("SUBMIT_JOB_BG", ["f", "u", "data"]));
  await other.ask("ECHO_REQ", "served");
  expect(store.operations).toEqual(["barrier"]);
  expect(worker.take()).toEqual([]);
  store.commit();
  expect(await worker.next()).toEqual(["ECHO_RES stored"]);
  await other.ask("ECHO_REQ", "served");
  expect(store.operations).toEqual(["barrier", "put H:1"]);
});

test("other connections have no barrier", async () => {
  await using context = await startServer();
  const [worker, other] = [context.connect(), context.connect()];
  worker.wire.send(encode("OPTION_REQ", ["barrier"]));
  expect(await worker.next()).toEqual(["OPTION_RES barrier"]);
  worker.wire.send(encode("ECHO_REQ", ["stored"]));
  expect(await other.ask("ECHO_REQ", "at once")).toEqual(["ECHO_RES at once"]);
});
