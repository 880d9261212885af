import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooserOf } from "../../src/client/chooser.ts";
import { Client } from "../../src/client/client.ts";
import type { Choice } from "../../src/client/options.ts";
import { coalescingKey, submitRequest } from "../../src/client/request.ts";
import { Ring } from "../../src/client/ring.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { createServer, type Server } from "../../src/server/server.ts";
import { WireWorker } from "../support/client-worker.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { startDaemon } from "../support/daemon.ts";

const all = () => true;
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `10.0.0.${index}:4730`);
const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `f\0job ${index}`);

describe("the ring", () => {
  it("spreads keys over the servers", () => {
    const ring = new Ring(names(5));
    const counts = [0, 0, 0, 0, 0];
    for (const key of keys(10_000)) {
      const server = ring.find(key, all) ?? 0;
      counts[server] = (counts[server] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(1300);
  });

  it("moves the keys of a server that leaves, and no others; they go to several", () => {
    const ring = new Ring(names(5));
    const heirs = new Set<number | undefined>();
    for (const key of keys(2000)) {
      const [before, after] = [ring.find(key, all), ring.find(key, (server) => server !== 2)];
      if (before === 2) heirs.add(after);
      else expect(after).toBe(before);
    }
    expect(heirs.size).toBeGreaterThan(2);
    expect(heirs).not.toContain(2);
  });

  it("is the same as one that never had the server", () => {
    const [ring, without] = [new Ring(names(5)), new Ring(names(4))];
    for (const key of keys(500)) expect(ring.find(key, (server) => server !== 4)).toBe(without.find(key, all));
  });

  it("is the same whatever the order of the list", () => {
    const orders = fc.shuffledSubarray(names(6), { minLength: 1 });
    fc.assert(
      fc.property(orders, fc.string(), (order, key) => {
        const sorted = [...order].sort();
        const place = (list: string[]) => list[new Ring(list).find(key, all) ?? -1];
        expect(place(order)).toBe(place(sorted));
      }),
      { numRuns: 30 },
    );
  });

  it("finds nobody when nobody is usable", () => {
    expect(new Ring(names(2)).find("key", () => false)).toBeUndefined();
    expect(new Ring([]).find("key", all)).toBeUndefined();
  });
});

describe("a chooser", () => {
  const key = () => "key";

  it("takes one after the other, past those that are down", () => {
    const choose = chooserOf("round-robin", names(3));
    const usable = (server: number) => server !== 1;
    expect([all, all, all, all].map((each) => choose(key, each))).toEqual([0, 1, 2, 0]);
    expect([usable, usable, usable].map((each) => choose(key, each))).toEqual([2, 0, 2]);
    expect(choose(key, () => false)).toBeUndefined();
  });

  it("takes the first that is up", () => {
    const choose = chooserOf("in-order", names(3));
    expect([choose(key, all), choose(key, (server) => server > 0), choose(key, all)]).toEqual([0, 1, 0]);
  });

  it.each(["hash", "round-robin", "in-order"] as const)("%s: takes the only one, if it is up", (choice) => {
    const choose = chooserOf(choice, names(1));
    expect([choose(key, all), choose(key, () => false)]).toEqual([0, undefined]);
  });
});

it("knows jobs that servers hold to be one, and no others, by their keys", () => {
  const keyOf = (name: string, workload: string, unique?: string) =>
    coalescingKey(submitRequest(name, Buffer.from(workload), unique === undefined ? {} : { unique })).toString();
  expect(keyOf("f", "a", "u")).toBe(keyOf("f", "b", "u"));
  expect(keyOf("f", "a", "u")).not.toBe(keyOf("g", "a", "u"));
  expect(keyOf("f", "a", "-")).toBe(keyOf("f", "a", "-"));
  expect(keyOf("f", "a", "-")).not.toBe(keyOf("f", "b", "-"));
  expect(keyOf("f", "a", "")).not.toBe(keyOf("f", "a", ""));
  expect(keyOf("f", "a")).not.toBe(keyOf("f", "a"));
});

describe("a client of several servers", () => {
  async function fleet(count: number) {
    const servers = Array.from({ length: count }, () =>
      createServer({ ...DEFAULT_OPTIONS, listen: [], drainTimeout: 0 }),
    );
    for (const server of servers) await server.start();
    return { servers, [Symbol.asyncDispose]: async () => void (await Promise.all(servers.map((each) => each.stop()))) };
  }

  /** How many jobs each server got. */
  async function spread(servers: readonly Server[], choose: Choice, jobs: number): Promise<number[]> {
    await using client = new Client({ servers, choose });
    const counts = new Map(servers.map((_, index) => [`memory#${index + 1}`, 0]));
    for (let job = 0; job < jobs; job++) {
      const { server } = await client.submit("f", "", { background: true });
      counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return [...counts.values()];
  }

  it("gives each its share", async () => {
    await using three = await fleet(3);
    expect(await spread(three.servers, "round-robin", 9)).toEqual([3, 3, 3]);
    expect(await spread(three.servers, "in-order", 9)).toEqual([9, 0, 0]);
    for (const count of await spread(three.servers, "hash", 90)) expect(count).toBeGreaterThan(9);
  });

  it("does equal jobs of two clients once, and finds a job by its unique wherever it is", async () => {
    await using three = await fleet(3);
    await using one = new Client({ servers: three.servers });
    await using two = new Client({ servers: three.servers });
    for (const unique of ["a", "b", "c", "d", "e"]) {
      const [first, second] = [await one.submit("f", "", { unique }), await two.submit("f", "", { unique })];
      expect([second.server, second.handle]).toEqual([first.server, first.handle]);
      expect(await two.statusByUnique(unique)).toMatchObject({ known: true, clients: 2 });
      expect(await two.status(first)).toMatchObject({ known: true });
    }
  });

  it("goes on with the others when one stops", async () => {
    await using three = await fleet(3);
    await using client = new Client({ servers: three.servers, choose: "in-order" });
    expect((await client.submit("f", "", { background: true })).server).toBe("memory#1");
    const down = once(client, "disconnected");
    await three.servers[0]?.stop();
    await down;
    expect((await client.submit("f", "", { background: true })).server).toBe("memory#2");
  });

  it("gives new jobs to another server when one drains, and has the result of the old", async () => {
    await using draining = await startDaemon(["--drain-timeout=20s"]);
    await using three = await fleet(1);
    const [spare] = three.servers;
    if (spare === undefined) throw new Error("no server");
    const servers = [`127.0.0.1:${draining.port}`, spare];
    await using client = new Client({ servers, choose: "in-order" });
    const socket = connect(draining.port, "127.0.0.1");
    await once(socket, "connect");
    await using worker = new WireWorker(socket);
    const old = await client.submit("f", "");
    const { handle } = await worker.take("f");
    draining.signal("SIGTERM");
    await draining.line("stopping");
    const other = await client.submit("f", "");
    expect([other.server, other.attempts]).toEqual(["memory#2", 2]);
    await using second = new WireWorker(new ConnectionStream(spare.connect()));
    second.send("WORK_COMPLETE", (await second.take("f")).handle, "new");
    worker.send("WORK_COMPLETE", handle, "old");
    expect((await Promise.all([old.result, other.result])).map(String)).toEqual(["old", "new"]);
  });
});
