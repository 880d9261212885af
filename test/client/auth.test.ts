import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer } from "../support/client-fake-server.ts";
import { gearmanError } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench) => {
  it("lets the auth hook speak first, with the server's answers", async () => {
    const heard: unknown[] = [];
    await using client = bench().client({
      auth: async ({ server, exchange }) => {
        const { name, args, data } = await exchange("ECHO_REQ", [], Buffer.from("secret"));
        heard.push(server, name, args, data.toString());
        const refused = await exchange("OPTION_REQ", ["no such option"]);
        heard.push(refused.name, refused.args[0]);
      },
    });
    const { server } = await client.submit(fresh("f"), "", { background: true });
    expect(heard).toEqual([server, "ECHO_RES", [], "secret", "ERROR", "UNKNOWN_OPTION"]);
  });
});

it("refuses two questions of the auth hook at once", async () => {
  const server = new FakeServer(({ name }, session) => name === "ECHO_REQ" && session.send("ECHO_RES", ""));
  const refused: unknown[] = [];
  await using client = new Client({
    servers: server,
    exceptions: false,
    auth: async ({ exchange }) => {
      const first = exchange("ECHO_REQ");
      await exchange("ECHO_REQ").catch((error) => refused.push(error.code));
      await first;
    },
  });
  await client.echo();
  expect(refused).toEqual(["ARGUMENT"]);
});

it("submits nothing when the auth hook fails", async () => {
  const server = new FakeServer(() => {});
  const auth = () => {
    throw new Error("no ticket");
  };
  await using client = new Client({ servers: server, auth, serverTimeout: 0 });
  const error = await gearmanError(client.submit("f", ""));
  expect(error.message).toContain("the auth hook failed for memory#1: no ticket");
  expect(error).toMatchObject({ code: "NO_SERVER", cause: { code: "AUTH" } });
  expect(server.sessions.flatMap(({ requests }) => requests)).toEqual([]);
});

it("gives up an auth hook that never ends, and one whose server leaves", async () => {
  const server = new FakeServer((_request, session) => session.destroy());
  const never = { servers: server, serverTimeout: 0, connectTimeout: 20, auth: () => new Promise<void>(() => {}) };
  await using waiting = new Client(never);
  expect((await gearmanError(waiting.submit("f", ""))).code).toBe("NO_SERVER");
  await using left = new Client({
    servers: server,
    serverTimeout: 0,
    auth: async ({ exchange }) => void (await exchange("OPTION_REQ", ["login"])),
  });
  expect((await gearmanError(left.submit("f", ""))).message).toContain("it closed the connection");
});
