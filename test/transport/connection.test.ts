import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Connection, REUSED_UP_TO } from "../../src/transport/connection.ts";
import { Listener, type ListenerOptions } from "../../src/transport/listener.ts";
import { MemoryConnection } from "../../src/transport/memory-connection.ts";
import type { ListenAddress, TlsFiles } from "../../src/transport/options.ts";
import { SocketConnection } from "../../src/transport/socket-connection.ts";
import { Certificates, clientFiles } from "../support/hostile-certificates.ts";

/** Two ends of a connection, and what is to be undone. */
interface Pair {
  readonly ours: Connection;
  readonly theirs: Connection;
  readonly undo: () => void;
}

const certificates = new Certificates();
afterAll(() => certificates.remove());
const folder = mkdtempSync(join(tmpdir(), "gearmand-ts-connection-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function listen(
  address: ListenAddress,
  tls: TlsFiles | undefined,
  makeSocket: (port: number) => Socket,
): Promise<Pair> {
  let connected = (_: Connection): void => {};
  const accepted = new Promise<Connection>((resolve) => {
    connected = resolve;
  });
  const options: ListenerOptions = {
    backlog: 8,
    keepaliveIdle: 60,
    tls,
    handshakeTimeout: 5000,
    maxConnections: 10,
    connected,
    dropped: () => {},
    handshakeFailed: () => {},
  };
  const listener = await Listener.open(address, options);
  const bound = listener.address;
  const socket = makeSocket("port" in bound ? bound.port : 0);
  const open = new Promise<void>((resolve) => {
    if (tls === undefined) socket.once("connect", resolve);
    else (socket as TLSSocket).once("secureConnect", resolve);
  });
  await open;
  const ours = await accepted;
  const undo = (): void => {
    listener.close();
    socket.destroy();
    ours.destroy();
  };
  return { ours, theirs: new SocketConnection(socket, undefined), undo };
}

const loopback = { host: "127.0.0.1", port: 0 };
const path = join(folder, "socket");
const kinds: readonly (readonly [string, () => Promise<Pair>])[] = [
  [
    "in memory",
    async () => {
      const [ours, theirs] = MemoryConnection.pair();
      return { ours, theirs, undo: () => ours.destroy() };
    },
  ],
  ["TCP", () => listen(loopback, undefined, (port) => connect({ host: "127.0.0.1", port, allowHalfOpen: true }))],
  ["a Unix socket", () => listen({ path }, undefined, () => connect({ path, allowHalfOpen: true }))],
  [
    "TLS",
    () => {
      const tls = { ...certificates.server, ca: certificates.ca.certificate, verifyClient: true };
      const files = clientFiles(certificates.client, certificates.ca);
      const options = { host: "127.0.0.1", allowHalfOpen: true, ...files };
      return listen(loopback, tls, (port) => connectTls({ port, ...options }));
    },
  ],
];

/** Settles when the kernel has taken the bytes: some at once, others later. */
const taken = (connection: Connection, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => {
    if (connection.write([bytes], resolve)) resolve();
  });

/** What a connection has told so far. */
class Heard {
  bytes = "";
  readonly order: string[] = [];
  readonly #connection: Connection;
  #changed = (): void => {};

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.open({
      chunk: (chunk) => {
        this.bytes += chunk.toString("latin1");
        this.#add("chunk");
      },
      end: () => this.#add("end"),
      close: () => this.#add("close"),
    });
  }

  #add(event: string): void {
    if (this.order.at(-1) !== "chunk" || event !== "chunk") this.order.push(event);
    this.#changed();
  }

  async until(ready: () => boolean): Promise<void> {
    while (!ready()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  send(text: string): Promise<void> {
    return taken(this.#connection, Buffer.from(text, "latin1"));
  }
}

describe.each(kinds)("a connection, %s", (_name, makePair) => {
  let undo = (): void => {};
  afterEach(() => undo());

  async function pair() {
    const made = await makePair();
    undo = made.undo;
    return { ...made, heard: new Heard(made.ours), other: new Heard(made.theirs) };
  }

  it("carries bytes both ways, in order", async () => {
    const { heard, other, ours } = await pair();
    const big = "x".repeat(300_000);
    ours.write([Buffer.from("a"), Buffer.from("b")], () => {});
    ours.write([Buffer.from(big), Buffer.from("c")], () => {});
    await other.send("hello");
    await heard.until(() => heard.bytes === "hello");
    await other.until(() => other.bytes.length === big.length + 3);
    expect(other.bytes).toBe(`ab${big}c`);
  });

  it("says that bytes were taken, at once or later, in order", async () => {
    const { ours, other } = await pair();
    const order: number[] = [];
    const writes = [1, 2, 3].map((count) =>
      taken(ours, Buffer.alloc(count === 2 ? 8 * 1024 ** 2 : 1, "x")).then(() => order.push(count)),
    );
    await Promise.all(writes);
    await other.until(() => other.bytes.length === 8 * 1024 ** 2 + 2);
    expect(order).toEqual([1, 2, 3]);
  });

  it("is done with small buffers when it has been given them, whether the kernel takes them or they wait", async () => {
    const { ours, theirs, other } = await pair();
    theirs.pause();
    ours.write([Buffer.alloc(16 * 1024 ** 2, "x")], () => {});
    for (const [index, size] of [10, REUSED_UP_TO].entries()) {
      const reused = Buffer.alloc(size, `${index}`);
      ours.write([reused], () => {});
      reused.fill("?");
    }
    theirs.resume();
    await other.until(() => other.bytes.length === 16 * 1024 ** 2 + 10 + REUSED_UP_TO);
    expect(other.bytes.slice(16 * 1024 ** 2)).toBe("0".repeat(10) + "1".repeat(REUSED_UP_TO));
  });

  it("hears nothing while it is paused, and misses nothing", async () => {
    const { ours, heard, other } = await pair();
    await other.send("a");
    await heard.until(() => heard.bytes === "a");
    ours.pause();
    const sent = other.send("b");
    for (let turns = 0; turns < 20; turns++) await setImmediate();
    expect(heard.bytes).toBe("a");
    ours.resume();
    await Promise.all([sent, heard.until(() => heard.bytes === "ab")]);
  });

  it("does not take bytes without end that the other side does not read", async () => {
    const { ours, theirs } = await pair();
    theirs.pause();
    let count = 0;
    const megabyte = Buffer.alloc(1024 ** 2);
    const write = (): void => {
      while (count < 100 && ours.write([megabyte], again)) count++;
    };
    const again = (): void => {
      count++;
      write();
    };
    write();
    for (let turns = 0; turns < 200; turns++) await setImmediate();
    expect(count).toBeLessThan(50);
  });

  it("ends one way: the other side may still be answered", async () => {
    const { heard, other, theirs, ours } = await pair();
    await other.send("a");
    theirs.end();
    await heard.until(() => heard.order.includes("end"));
    await heard.send("answer");
    ours.end();
    await Promise.all([heard, other].map((each) => each.until(() => each.order.includes("close"))));
    expect([heard.bytes, heard.order]).toEqual(["a", ["chunk", "end", "close"]]);
    expect([other.bytes, other.order]).toEqual(["answer", ["chunk", "end", "close"]]);
  });

  it("sends what was written before its end, also to a side that has ended", async () => {
    const { heard, other, theirs, ours } = await pair();
    theirs.end();
    await heard.until(() => heard.order.includes("end"));
    ours.write([Buffer.from("x".repeat(10_000_000))], () => {});
    ours.end();
    await other.until(() => other.order.includes("close"));
    expect(other.bytes.length).toBe(10_000_000);
  });

  it("sends what was written before its end", async () => {
    const { ours, other } = await pair();
    ours.write([Buffer.from("x".repeat(200_000))], () => {});
    ours.end();
    await other.until(() => other.order.includes("end"));
    expect(other.bytes.length).toBe(200_000);
  });

  it("is closed once when it is destroyed, and hears nothing more; the other side hears of it", async () => {
    const { ours, heard, other } = await pair();
    ours.destroy();
    ours.destroy();
    await Promise.all([heard.until(() => heard.order.length > 0), other.until(() => other.order.length > 0)]);
    void other.send("x");
    ours.write([Buffer.from("x")], () => expect.unreachable());
    ours.end();
    ours.resume();
    for (let turns = 0; turns < 20; turns++) await setImmediate();
    expect([heard.order, heard.bytes, other.bytes]).toEqual([["close"], "", ""]);
  });

  it("says whom it is connected to", async () => {
    const { ours } = await pair();
    expect(["memory", "127.0.0.1", path]).toContain(ours.remote.address);
    expect(ours.remote.port > 0).toBe(ours.remote.address === "127.0.0.1");
  });
});
