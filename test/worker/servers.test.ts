import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { Client, createServer } from "../../src/index.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { type Auth, Worker } from "../../src/worker/index.ts";
import { FleetServer, type ServerKind } from "../failover/fleet-server.ts";
import { makeCertificates, opensslInstalled } from "../support/certificates.ts";
import { startDaemon } from "../support/daemon.ts";
import { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import { freePort, referenceInstalled } from "../support/reference.ts";
import { FakeServer } from "../support/worker-fake-server.ts";
import { clientOf, gate } from "../support/worker-sessions.ts";

const KINDS: readonly ServerKind[] = referenceInstalled ? ["gearmand-ts", "gearmand"] : ["gearmand-ts"];

/** A client at a server that may be behind a network. */
async function clientAt(server: FleetServer): Promise<Peer> {
  return clientOf({ port: Number(server.direct.split(":")[1]) });
}

async function open(kind: ServerKind): Promise<FleetServer & AsyncDisposable> {
  const server = await FleetServer.open(kind);
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

describe.each(KINDS)("servers that come and go: %s", (kind) => {
  test("two at once are served in turns, and one that is dead at the start is found later", async () => {
    await using first = await open(kind);
    await using second = await open(kind);
    await second.kill();
    const servers: string[] = [];
    await using worker = new Worker({ servers: [first.direct, second.direct] });
    const down = once(worker, "disconnected");
    worker.register("f", (job) => {
      servers.push(job.server);
    });
    await worker.ready();
    const [server, why] = await down;
    expect([server, why.code]).toEqual([second.direct, "NO_SERVER"]);
    await using client = await clientAt(first);
    client.send("SUBMIT_JOB", "f", "", "x");
    await client.packet("WORK_COMPLETE");
    const up = once(worker, "connected");
    await second.start();
    expect((await up)[0]).toBe(second.direct);
    await using other = await clientAt(second);
    await worker.ready();
    other.send("SUBMIT_JOB", "f", "", "x");
    await other.packet("WORK_COMPLETE");
    expect(servers).toEqual([first.direct, second.direct]);
  });

  test("a place that becomes free goes to the other server, if both have work", async () => {
    await using first = await open(kind);
    await using second = await open(kind);
    const names = [first.direct, second.direct];
    const clients = [await clientAt(first), await clientAt(second)];
    for (const client of clients) {
      for (let count = 0; count < 6; count++) client.send("SUBMIT_JOB_BG", "f", "", "x");
      await client.handled();
      client.destroy();
    }
    const both = gate();
    const servers: number[] = [];
    await using worker = new Worker({ servers: names, maxJobs: 12 });
    let connected = 0;
    worker.on("connected", () => {
      connected += 1;
      if (connected === 2) both.open();
    });
    const closed = once(worker, "closed");
    worker.register("f", async (job) => {
      await both.promise;
      servers.push(names.indexOf(job.server));
    });
    await closed;
    // The first job may come before the other server is connected.
    const turns = servers.slice(2).filter((server, index) => server === servers[index + 1]);
    expect(turns.length).toBeLessThanOrEqual(1);
  });

  test("a server that was killed and started again is served again", async () => {
    await using server = await open(kind);
    await using worker = new Worker({ servers: server.direct });
    worker.register("f", () => "done");
    await worker.ready();
    const lost = once(worker, "disconnected");
    await server.kill();
    expect((await lost)[1].code).toBe("LOST");
    await server.start();
    await worker.ready();
    await using client = await clientAt(server);
    client.send("SUBMIT_JOB", "f", "", "x");
    expect((await client.packet("WORK_COMPLETE"))[1]).toBe("done");
  });

  test("when the connection is lost the job is aborted, and done by another run", async () => {
    await using server = await open(kind);
    await using worker = new Worker({ servers: server.address });
    const reasons: unknown[] = [];
    worker.register("f", async (job) => {
      if (reasons.length > 0) return "second";
      server.network.cut();
      await once(job.signal, "abort");
      reasons.push(job.signal.reason);
      await expect(job.sendData("late")).rejects.toBe(job.signal.reason);
      return "first";
    });
    await worker.ready();
    await using client = await clientAt(server);
    client.send("SUBMIT_JOB", "f", "", "x");
    expect((await client.packet("WORK_COMPLETE"))[1]).toBe("second");
    expect(reasons).toEqual([expect.objectContaining({ code: "LOST" })]);
  });

  test("a server that stands still is given up after two heartbeats, and served again once it goes on", async () => {
    await using server = await open(kind);
    await using worker = new Worker({ servers: server.direct, heartbeat: 100, connectTimeout: 100 });
    worker.register("f", () => "done");
    await worker.ready();
    const lost = once(worker, "disconnected");
    server.signal("SIGSTOP");
    const [, why] = await lost;
    expect(why).toMatchObject({ code: "LOST", message: expect.stringContaining("does not answer") });
    const back = once(worker, "connected");
    server.signal("SIGCONT");
    await back;
    await using client = await clientAt(server);
    client.send("SUBMIT_JOB", "f", "", "x");
    expect((await client.packet("WORK_COMPLETE"))[1]).toBe("done");
  });
});

test("a silent server that answers when it is asked is not given up", async () => {
  await using fake = await FakeServer.open();
  await using worker = new Worker({ servers: fake.address, heartbeat: 50 });
  worker.register("f", () => {});
  const session = await fake.session();
  await session.welcome("f");
  for (let times = 0; times < 5; times++) {
    expect(await session.next()).toEqual(["ECHO_REQ gearmand-ts"]);
    session.send("ECHO_RES", "gearmand-ts");
  }
  session.destroy();
});

test("a server that leaves a grab unanswered does not keep the place from the others", async () => {
  await using silent = await FakeServer.open();
  await using server = createServer({ listen: [] });
  await using worker = new Worker({ servers: [silent.address, server], heartbeat: 200 });
  worker.register("f", () => "done");
  await (await silent.session()).welcome("f");
  await using client = new Client({ servers: server });
  expect(String(await client.run("f", ""))).toBe("done");
});

test("that a server is not there is told once, however often it is tried", async () => {
  const thrice = gate();
  let [tries, told] = [0, 0];
  const warn = (): void => {
    tries += 1;
    if (tries === 3) thrice.open();
  };
  await using worker = new Worker({ servers: "127.0.0.1:1", logger: { ...silentLogger, warn } });
  worker.on("disconnected", () => {
    told += 1;
  });
  worker.register("f", () => {});
  await thrice.promise;
  expect(told).toBe(1);
});

describe("ways to a server", () => {
  test("a server in this process, without a port", async () => {
    await using server = Object.assign(createServer({ listen: [], drainTimeout: 0 }), {
      async [Symbol.asyncDispose]() {
        await server.stop();
      },
    });
    await server.start();
    await using worker = new Worker({ servers: [server] });
    worker.register("f", (job) => job.server);
    await worker.ready();
    expect(server.stats().now).toMatchObject({ functions: 1, connections: 1 });
  });

  test("a Unix socket", async () => {
    await using folder = new Folder();
    const path = folder.file("gearmand.sock");
    await using _daemon = await startDaemon([`--listen=unix:${path}`]);
    await using worker = new Worker({ servers: `unix:${path}` });
    worker.register("f", (job) => job.server);
    await worker.ready();
    await using client = await Peer.connect({ path });
    client.send("SUBMIT_JOB", "f", "", "x");
    expect((await client.packet("WORK_COMPLETE"))[1]).toBe(`unix:${path}`);
  });

  test.skipIf(!opensslInstalled)("TLS with a client certificate; one that nobody knows is refused", async () => {
    const { ca, client, stranger, server, remove } = makeCertificates();
    try {
      const port = await freePort();
      const files = [`--ssl-certificate=${server.certificate}`, `--ssl-key=${server.key}`, `--ssl-ca-file=${ca}`];
      await using _daemon = await startDaemon(["-L127.0.0.1", `-p${port}`, "--ssl", "--ssl-verify-client", ...files]);
      await using worker = new Worker({ servers: `tls://127.0.0.1:${port}`, tls: { ca, ...client } });
      await using refused = new Worker({ servers: `tls://127.0.0.1:${port}`, tls: { ca, ...stranger } });
      const down = once(refused, "disconnected");
      worker.register("f", () => {});
      refused.register("f", () => {});
      await worker.ready();
      expect((await down)[0]).toBe(`tls://127.0.0.1:${port}`);
    } finally {
      remove();
    }
  });

  test("the auth hook speaks first; if it fails, the server is not there", async () => {
    await using fake = await FakeServer.open();
    const auth: Auth = async ({ exchange }) => {
      const answer = await exchange("OPTION_REQ", ["token=x"]);
      if (answer.name !== "OPTION_RES") throw new Error(`${answer.args[1]}`);
    };
    await using worker = new Worker({ servers: fake.address, auth });
    const down = once(worker, "disconnected");
    worker.register("f", () => {});
    const refused = await fake.arrival();
    expect(await refused.next()).toEqual(["OPTION_REQ token=x"]);
    refused.send("ERROR", "UNKNOWN_OPTION", "who are you?");
    expect((await down)[1]).toMatchObject({ code: "AUTH", message: expect.stringContaining("who are you?") });
    const session = await fake.arrival();
    expect(await session.next()).toEqual(["OPTION_REQ token=x"]);
    session.send("OPTION_RES", "token=x");
    expect(await session.next()).toEqual(["ECHO_REQ "]);
    session.send("ECHO_RES", "");
    await session.welcome("f");
    await worker.ready();
    session.destroy();
  });
});

describe("a worker that cannot be", () => {
  test.each([
    [{ servers: [] }, "ADDRESS"],
    [{ servers: "a:b" }, "ADDRESS"],
    [{ concurrency: 0 }, "ARGUMENT"],
    [{ maxJobs: 1.5 }, "ARGUMENT"],
    [{ heartbeat: Number.POSITIVE_INFINITY }, "ARGUMENT"],
    [{ id: "a\0b" }, "ARGUMENT"],
  ])("%j: %s", (options, code) => {
    expect(() => new Worker(options)).toThrow(expect.objectContaining({ code }));
  });

  test("a function that cannot be, or is there already", async () => {
    await using worker = new Worker({ servers: "127.0.0.1:1" });
    worker.register("f", () => {});
    for (const attempt of [
      () => worker.register("f", () => {}),
      () => worker.register("a\0b", () => {}),
      () => worker.register("g", () => {}, { timeout: 0 }),
      () => worker.register("g", () => {}, { concurrency: -1 }),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: "ARGUMENT" }));
    }
    await worker.unregister("nobody knows it");
  });
});
