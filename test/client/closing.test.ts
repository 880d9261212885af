import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer } from "../support/client-fake-server.ts";
import { codeOf, eventsOf } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench) => {
  it("ends jobs in flight with CLOSED, and the server sees it leave", async () => {
    const client = bench().client({ id: fresh("leaver") });
    await using admin = await bench().worker();
    const name = fresh("left");
    const job = await client.submit(name, "");
    const ends = Promise.all([codeOf(job.result), codeOf(eventsOf(job))]);
    await client.close();
    expect(await ends).toEqual(["CLOSED", "CLOSED"]);
    expect(await admin.text("workers")).not.toContain("leaver");
  });

  it("closes twice as once, and takes nothing any more", async () => {
    const client = bench().client();
    await client.echo();
    expect(client.close()).toBe(client.close());
    await client.close();
    expect(await codeOf(client.submit("f", ""))).toBe("CLOSED");
    expect(await codeOf(client.echo())).toBe("CLOSED");
    expect(await codeOf(client.status("H:1"))).toBe("CLOSED");
  });

  it("closes while it connects", async () => {
    const client = bench().client();
    const outcomes = Promise.all([codeOf(client.submit("f", "")), codeOf(client.echo())]);
    await client.close();
    expect(await outcomes).toEqual(["CLOSED", "CLOSED"]);
  });

  it("closes at the end of its scope", async () => {
    let submitted: Promise<string> | undefined;
    {
      await using client = bench().client();
      submitted = codeOf(client.run(fresh("scoped"), ""));
      await client.echo();
    }
    expect(await submitted).toBe("CLOSED");
  });
});

it("closes without ever having connected", async () => {
  const server = new FakeServer(() => {});
  await new Client({ servers: server }).close();
  expect(server.sessions).toHaveLength(0);
});

it("cuts a server that does not let it go", async () => {
  const server = new FakeServer((_request, session) => session.pause());
  const client = new Client({ servers: server });
  const connected = new Promise<void>((resolve) => client.once("connected", () => resolve()));
  const outcome = codeOf(client.run("f", Buffer.alloc(4 * 1024 ** 2)));
  const echo = codeOf(client.echo());
  await connected;
  await client.close();
  expect([await outcome, await echo]).toEqual(["CLOSED", "CLOSED"]);
});

it("ends jobs that wait for a server with CLOSED", async () => {
  const nowhere = {
    connect: () => {
      throw new Error("nobody there");
    },
  };
  const client = new Client({ servers: nowhere });
  const down = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  const outcome = codeOf(client.run("f", ""));
  await down;
  await client.close();
  expect(await outcome).toBe("CLOSED");
});

it("closes while the auth hook does not answer", async () => {
  const server = new FakeServer(() => {});
  const client = new Client({ servers: server, auth: () => new Promise(() => {}) });
  const outcome = codeOf(client.run("f", ""));
  await new Promise(setImmediate);
  await client.close();
  expect(await outcome).toBe("CLOSED");
  await new Promise(setImmediate);
  expect(server.sessions.map(({ closed }) => closed)).toEqual([true]);
});
