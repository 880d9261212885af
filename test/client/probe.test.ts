import { describe, expect, test } from "vitest";
import { Probe } from "../../src/client/probe.ts";
import { parseServer } from "../../src/link/address.ts";
import { openOptions } from "../../src/link/options.ts";
import { FakeServer } from "../support/worker-fake-server.ts";

const probe = (address: string, connectTimeout: number): Probe =>
  new Probe(parseServer(address), openOptions({ connectTimeout }));

describe("a probe", () => {
  // Whichever of the two limits passes first: a server that hangs takes connections, and does not answer.
  test.each([
    [20, 5000],
    [5000, 20],
  ])("hears nothing from a server that hangs: to answer %d ms, for all %d ms", async (connectTimeout, timeout) => {
    await using server = await FakeServer.open();
    expect(await probe(server.address, connectTimeout).ask(timeout)).toBe(false);
  });

  test("hears an answer, again on the same connection, until the server hangs", async () => {
    await using server = await FakeServer.open();
    const asking = probe(server.address, 5000);
    const first = asking.ask(5000);
    const session = await server.session();
    await session.next();
    session.send("ECHO_RES", "");
    expect(await first).toBe(true);
    const second = asking.ask(5000);
    await session.next();
    session.send("ECHO_RES", "");
    expect(await second).toBe(true);
    expect(await asking.ask(20)).toBe(false);
  });

  test("takes a server for alive that refuses it, or closes: it may have too many connections", async () => {
    expect(await probe("127.0.0.1:1", 5000).ask(5000)).toBe(true);
    await using server = await FakeServer.open();
    const asking = probe(server.address, 5000);
    const answer = asking.ask(5000);
    (await server.session()).destroy();
    expect(await answer).toBe(true);
    asking.close();
  });
});
