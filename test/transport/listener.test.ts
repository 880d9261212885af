import { once } from "node:events";
import { copyFileSync, existsSync, linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer as createNetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import type { ServerOptions } from "../../src/server/options.ts";
import { createServer, type Server } from "../../src/server/server.ts";
import type { BoundAddress, TransportLimits } from "../../src/transport/options.ts";
import { DEFAULT_TRANSPORT_LIMITS } from "../../src/transport/options.ts";
import { Certificates, clientFiles } from "../support/hostile-certificates.ts";

const folder = mkdtempSync(join(tmpdir(), "gearmand-ts-listener-"));
const certificates = new Certificates();
afterAll(() => {
  rmSync(folder, { recursive: true });
  certificates.remove();
});

const limits = (changes: Partial<TransportLimits>): TransportLimits => ({ ...DEFAULT_TRANSPORT_LIMITS, ...changes });

interface Running {
  readonly server: Server;
  readonly bound: readonly BoundAddress[];
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
}

async function start(options: Partial<ServerOptions>): Promise<Running> {
  const server = createServer({ listen: [{ host: "127.0.0.1", port: 0 }], ...options });
  const bound = await server.start();
  const [first] = bound;
  const port = first !== undefined && "port" in first ? first.port : 0;
  return { server, bound, port, [Symbol.asyncDispose]: () => server.stop() };
}

/** What a version request is answered with; empty if the connection ends first. */
async function version(socket: Socket): Promise<string> {
  socket.on("error", () => {});
  socket.write("version\n");
  const answered = once(socket, "data").then(([bytes]) => String(bytes));
  const gone = new Promise<string>((resolve) => socket.on("close", () => resolve("")));
  const answer = await Promise.race([answered.catch(() => ""), gone]);
  socket.destroy();
  return answer;
}

/** The code of the error that a start fails with. */
async function failure(options: Partial<ServerOptions>): Promise<unknown> {
  const server = createServer(options);
  const error = await server.start().catch((reason: unknown) => reason);
  await server.stop();
  return error;
}

describe("where a server listens", () => {
  it("IPv4, IPv6 and a Unix socket at once, ports of the kernel's choice", async () => {
    const path = join(folder, "all");
    const listen = [{ host: "127.0.0.1", port: 0 }, { host: "::1", port: 0 }, { path }];
    await using running = await start({ listen });
    expect(running.bound.map((address) => ("host" in address ? address.host : address.path))).toEqual([
      "127.0.0.1",
      "::1",
      path,
    ]);
    for (const address of running.bound) expect(await version(connect({ ...address }))).toMatch(/^OK /);
    expect(running.server.stats().connections.accepted).toBe(3);
  });

  it("without a host: all addresses, an IPv4 peer shown as such", async () => {
    await using running = await start({ listen: [{ host: undefined, port: 0 }] });
    const socket = connect(running.port, "127.0.0.1");
    socket.write("workers\n");
    const [rows] = await once(socket, "data");
    expect(String(rows)).toBe("1 127.0.0.1 - :\n.\n");
    socket.destroy();
    expect(await version(connect(running.port, "::1"))).toMatch(/^OK /);
  });

  it("a Unix socket is gone when the server has stopped", async () => {
    const path = join(folder, "gone");
    const running = await start({ listen: [{ path }] });
    expect(statSync(path).isSocket()).toBe(true);
    await running.server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("a socket file that a crash left behind is in nobody's way", async () => {
    const [path, other] = [join(folder, "stale"), join(folder, "other")];
    const crashed = createNetServer().listen(other);
    await once(crashed, "listening");
    linkSync(other, path); // closing removes only the name it was opened by
    crashed.close();
    await using running = await start({ listen: [{ path }] });
    expect(await version(connect({ path }))).toMatch(/^OK /);
    expect(running.bound).toEqual([{ path }]);
  });
});

describe("where it cannot listen", () => {
  it("a port that is in use: an error that says which and what to do", async () => {
    await using running = await start({});
    expect(await failure({ listen: [{ host: "127.0.0.1", port: running.port }] })).toMatchObject({
      name: "StartError",
      code: "EADDRINUSE",
      message: `Could not listen on 127.0.0.1:${running.port}: the port is in use; stop the server that holds it, or choose another with --port`,
    });
  });

  it("one address of several: none stays open", async () => {
    await using running = await start({});
    const path = join(folder, "first");
    expect(await failure({ listen: [{ path }, { host: "127.0.0.1", port: running.port }] })).toMatchObject({
      code: "EADDRINUSE",
    });
    expect(existsSync(path)).toBe(false);
  });

  it("an address that this machine does not have", async () => {
    expect(await failure({ listen: [{ host: "192.0.2.1", port: 0 }] })).toMatchObject({ code: "EADDRNOTAVAIL" });
  });

  it("a Unix socket that another server answers on", async () => {
    const path = join(folder, "taken");
    await using running = await start({ listen: [{ path }] });
    expect(await failure({ listen: [{ path }] })).toMatchObject({ name: "StartError", code: "EADDRINUSE" });
    expect(await version(connect({ path }))).toMatch(/^OK /);
    expect(running.bound).toEqual([{ path }]);
  });

  it("a path where there is a file that is no socket: the file stays", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "precious");
    expect(await failure({ listen: [{ path }] })).toMatchObject({ name: "StartError", code: "EADDRINUSE" });
    expect(existsSync(path)).toBe(true);
  });

  it("a folder that is not there", async () => {
    expect(await failure({ listen: [{ path: join(folder, "no", "socket") }] })).toMatchObject({ name: "StartError" });
  });

  it.each([
    ["is missing", join(folder, "missing.pem")],
    ["holds no certificate", "/etc/hostname"],
  ])("a certificate that %s", async (_title, certificate) => {
    const tls = { ...certificates.server, certificate, ca: undefined, verifyClient: false };
    expect(await failure({ listen: [{ host: "127.0.0.1", port: 0 }], tls })).toMatchObject({ name: "StartError" });
  });
});

describe("who is let in", () => {
  it("no more than maxConnections, over all addresses; room is made when one leaves", async () => {
    const path = join(folder, "full");
    const listen = [{ host: "127.0.0.1", port: 0 }, { path }];
    await using running = await start({ listen, transport: limits({ maxConnections: 2 }) });
    const [first, second] = [connect(running.port, "127.0.0.1"), connect({ path })];
    for (const socket of [first, second]) {
      socket.write("version\n");
      await once(socket, "data");
    }
    expect(await version(connect({ path }))).toBe("");
    expect(await version(connect(running.port, "127.0.0.1"))).toBe("");
    expect(running.server.stats().connections).toMatchObject({ accepted: 2, dropped: 2 });
    first.destroy();
    while (running.server.stats().connections.closed < 1) await setImmediate();
    expect(await version(connect({ path }))).toMatch(/^OK /);
    second.destroy();
  });

  it("no more than maxConnectionsPerAddress from one address", async () => {
    await using running = await start({ transport: limits({ maxConnectionsPerAddress: 1 }) });
    const from = (localAddress: string): Socket => connect({ port: running.port, host: "127.0.0.1", localAddress });
    const first = from("127.0.0.2");
    first.write("version\n");
    await once(first, "data");
    expect(await version(from("127.0.0.2"))).toBe("");
    expect(await version(from("127.0.0.3"))).toMatch(/^OK /);
    first.destroy();
    while (running.server.stats().connections.closed < 2) await setImmediate();
    expect(await version(from("127.0.0.2"))).toMatch(/^OK /);
  });

  it("no more than maxAcceptsPerAddress in a second from one address", async () => {
    await using running = await start({ transport: limits({ maxAcceptsPerAddress: 3 }) });
    const from = (localAddress: string): Socket => connect({ port: running.port, host: "127.0.0.1", localAddress });
    const began = performance.now();
    const answers = [];
    for (let count = 0; count < 6; count++) answers.push(await version(from("127.0.0.2")));
    // On a machine that stands still for a second, the next second's three come in as well.
    if (performance.now() - began < 1000) expect(answers.filter((answer) => answer !== "").length).toBe(3);
    expect(await version(from("127.0.0.3"))).toMatch(/^OK /);
  });
});

describe("TLS", () => {
  const { ca, client, server: own } = certificates;
  const files = { ...own, ca: ca.certificate, verifyClient: false };
  const dial = (port: number, options: ConnectionOptions): Socket =>
    connectTls({ host: "127.0.0.1", port, ...options });

  it("serves a client that trusts us", async () => {
    await using running = await start({ tls: files });
    expect(await version(dial(running.port, clientFiles(undefined, ca)))).toMatch(/^OK /);
  });

  it("a Unix socket beside it is not TLS", async () => {
    const path = join(folder, "plain");
    await using running = await start({ listen: [{ path }], tls: files });
    expect(await version(connect({ path }))).toMatch(/^OK /);
    await running.server.reload();
  });

  it("a client that does not trust us, or speaks plain: counted, and nothing else happens", async () => {
    await using running = await start({ tls: files });
    expect(await version(dial(running.port, {}))).toBe("");
    expect(await version(connect(running.port, "127.0.0.1"))).toBe("");
    while (running.server.stats().connections.handshakesFailed < 2) await setImmediate();
    expect(running.server.stats().connections.accepted).toBe(0);
    expect(await version(dial(running.port, clientFiles(undefined, ca)))).toMatch(/^OK /);
  });

  it("with verifyClient, a client without a certificate of our CA is refused before a byte of it is read", async () => {
    await using running = await start({ tls: { ...files, verifyClient: true } });
    expect(await version(dial(running.port, clientFiles(undefined, ca)))).toBe("");
    expect(await version(dial(running.port, clientFiles(certificates.stranger("stranger"), ca)))).toBe("");
    expect(await version(dial(running.port, clientFiles(client, ca)))).toMatch(/^OK /);
    const { accepted, handshakesFailed, lines } = running.server.stats().connections;
    expect({ accepted, handshakesFailed, lines }).toEqual({ accepted: 1, handshakesFailed: 2, lines: 1 });
  });

  it("a silent handshake is cut by its deadline", async () => {
    await using running = await start({ tls: files, transport: limits({ handshakeTimeout: 50 }) });
    const socket = connect(running.port, "127.0.0.1").on("error", () => {});
    await once(socket, "close");
    expect(running.server.stats().connections).toMatchObject({ accepted: 0, handshakesFailed: 1 });
  });

  it("reads its certificates again; a bad file changes nothing", async () => {
    const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const install = (identity: { certificate: string; key: string }): void => {
      copyFileSync(identity.certificate, certificate);
      copyFileSync(identity.key, key);
    };
    install(own);
    await using running = await start({ tls: { ...files, certificate, key } });
    const shown = async (): Promise<string | undefined> => {
      const socket = connectTls({ host: "127.0.0.1", port: running.port, ...clientFiles(undefined, ca) });
      await once(socket, "secureConnect");
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return String(CN);
    };
    expect(await shown()).toBe("server");
    install(certificates.signed("renewed", ca));
    await running.server.reload();
    expect(await shown()).toBe("renewed");
    writeFileSync(certificate, "no certificate");
    await expect(running.server.reload()).rejects.toThrow();
    expect(await shown()).toBe("renewed");
  });
});
