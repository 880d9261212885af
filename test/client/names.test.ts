import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer } from "../support/client-fake-server.ts";
import { codeOf } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

onServers((bench) => {
  it("gives each job a UUID of its own", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("uuid");
    const [one, two] = [await client.submit(name, "1"), await client.submit(name, "2")];
    expect(one.unique).toMatch(UUID);
    expect(two.unique).not.toBe(one.unique);
    expect((await worker.take(name)).unique).toBe(one.unique);
  });

  it("joins no jobs with an empty unique", async () => {
    await using client = bench().client();
    const name = fresh("none");
    const [one, two] = await Promise.all([
      client.submit(name, "1", { unique: "", background: true }),
      client.submit(name, "2", { unique: "", background: true }),
    ]);
    expect(one.unique).toBe("");
    expect(two.handle).not.toBe(one.handle);
  });

  it("joins jobs with equal workloads when the unique is -", async () => {
    await using client = bench().client();
    const name = fresh("same");
    const submit = (workload: string) => client.submit(name, workload, { unique: "-", background: true });
    const [one, two, other] = await Promise.all([submit("a"), submit("a"), submit("b")]);
    expect(two.handle).toBe(one.handle);
    expect(other.handle).not.toBe(one.handle);
  });

  it("carries names beyond ASCII as UTF-8, up to 63 bytes of a unique", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("größe-数");
    const unique = `ü${"x".repeat(61)}`;
    const job = await client.submit(name, "", { unique });
    const wire = Buffer.from(name).toString("latin1");
    const taken = await worker.take(wire);
    expect([taken.function, Buffer.from(taken.unique, "latin1").toString()]).toEqual([wire, unique]);
    worker.send("WORK_COMPLETE", taken.handle, "");
    await job.result;
    expect(job).toMatchObject({ function: name, unique });
  });

  // gearmand cuts off workers to whom it gives a longer name.
  it("takes a long and the empty function name", async () => {
    await using client = bench().client();
    for (const name of ["", "f".repeat(8100)]) {
      await using worker = await bench().worker();
      const job = await client.submit(name, "");
      const taken = await worker.take(name);
      worker.send("WORK_COMPLETE", taken.handle, "");
      expect(await job.result).toEqual(Buffer.alloc(0));
    }
  });

  it("asks for the longest unique", async () => {
    await using client = bench().client();
    const [name, unique] = [fresh("long"), "u".repeat(63)];
    await client.submit(name, "", { unique });
    expect(await client.statusByUnique(unique)).toMatchObject({ known: true, clients: 1 });
  });
});

async function* open(): AsyncGenerator<Uint8Array> {}

const REFUSED: readonly [string, (client: Client) => Promise<unknown>][] = [
  ["a function with NUL", (client) => client.submit("a\0b", "")],
  ["a function of 8192 bytes", (client) => client.submit("f".repeat(8192), "")],
  ["a function of fewer characters but more bytes", (client) => client.submit("ü".repeat(4096), "")],
  ["a unique with NUL", (client) => client.submit("f", "", { unique: "\0" })],
  ["a unique of 64 bytes", (client) => client.submit("f", "", { unique: `ü${"u".repeat(62)}` })],
  ["the status of a unique of 64 bytes", (client) => client.statusByUnique("u".repeat(64))],
  ["a reducer of 64 bytes", (client) => client.submit("f", "", { reducer: "r".repeat(64) })],
  ["a workload that is too large", (client) => client.submit("f", { size: 2 ** 32, open })],
  ["a workload of no size", (client) => client.submit("f", { size: Number.NaN, open })],
  ["a priority that there is not", (client) => client.submit("f", "", { priority: "urgent" as "high" })],
  ["a priority with a time", (client) => client.submit("f", "", { at: new Date(), priority: "high" })],
  ["a priority with a reducer", (client) => client.submit("f", "", { reducer: "r", priority: "low" })],
  ["a reducer with a time", (client) => client.submit("f", "", { reducer: "r", at: new Date() })],
  ["a time in the foreground", (client) => client.submit("f", "", { at: new Date(), background: false })],
  ["an invalid time", (client) => client.submit("f", "", { at: new Date("never") })],
  ["a timeout that is no number", (client) => client.submit("f", "", { timeout: Number.NaN })],
  ["a negative timeout", (client) => client.submit("f", "", { timeout: -1 })],
  ["a handle with NUL", (client) => client.status("H:\0")],
  ["a handle of 64 bytes", (client) => client.status("H".repeat(64))],
  ["a server that is none of its own", (client) => client.status({ server: "elsewhere:1", handle: "H:1" })],
];

it.each(REFUSED)("refuses %s, and sends nothing", async (_what, attempt) => {
  const server = new FakeServer(() => {});
  await using client = new Client({ servers: server, exceptions: false });
  expect(await codeOf(attempt(client))).toBe("ARGUMENT");
  expect(server.sessions).toHaveLength(0);
});
