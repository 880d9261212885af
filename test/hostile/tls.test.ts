import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { createServer } from "../../src/index.ts";
import { Certificates, clientFiles } from "../support/hostile-certificates.ts";
import { Dialer, eventually, gone, Honest, limits } from "../support/hostile-peers.ts";

/** The first bytes of a TLS client. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      resolve(chunk);
      done();
    };
    connectTls({ socket: new Duplex({ read: () => {}, write }) }).on("error", () => {});
  });
}

const certificates = new Certificates();
afterAll(() => certificates.remove());

test("silent, garbage and aborted handshakes: cut and counted, while honest TLS clients are served", async () => {
  const tls = { ...certificates.server, ca: certificates.ca.certificate, verifyClient: true };
  const server = createServer({
    listen: [{ host: "127.0.0.1", port: 0 }],
    tls,
    backlog: 511,
    drainTimeout: 50,
    transport: limits({ handshakeTimeout: 1500 }),
  });
  const [bound] = await server.start();
  const port = bound !== undefined && "port" in bound ? bound.port : 0;
  const files = clientFiles(certificates.client, certificates.ca);
  const honest = new Honest(() => connectTls({ host: "127.0.0.1", port, ...files }).on("error", () => {}));
  await honest.served(3);
  const dialer = new Dialer({ host: "127.0.0.1", port });

  const silent = Array.from({ length: 100 }, () => dialer.dial().resume());
  const garbage = Array.from({ length: 100 }, (_, index) => {
    const socket = dialer.dial().resume();
    socket.write(
      index % 2 === 0 ? randomBytes(300) : Buffer.concat([Buffer.from([0x16, 3, 1, 1, 44]), randomBytes(300)]),
    );
    return socket;
  });
  const ended = [...silent, ...garbage].map(gone);
  // Handshakes that break off: as soon as the server has answered with its first bytes.
  const hello = await clientHello();
  const aborted = Array.from({ length: 50 }, () => {
    const socket = dialer.dial();
    socket.once("data", () => socket.resetAndDestroy());
    socket.write(hello);
    return gone(socket);
  });
  await Promise.all(aborted);
  await honest.served(3);
  await Promise.all(ended);
  await honest.served(3);
  await eventually(() => server.stats().connections.handshakesFailed >= 250, "failures are counted");
  expect(server.stats().connections.accepted).toBe(2);
  await honest.stop();
  await server.stop();
}, 60_000);

test("established TLS connections that are reset at any time disturb nobody", async () => {
  const tls = { ...certificates.server, ca: undefined, verifyClient: false };
  const server = createServer({ listen: [{ host: "127.0.0.1", port: 0 }], tls, drainTimeout: 50 });
  const [bound] = await server.start();
  const port = bound !== undefined && "port" in bound ? bound.port : 0;
  const files = clientFiles(undefined, certificates.ca);
  const honest = new Honest(() => connectTls({ host: "127.0.0.1", port, ...files }).on("error", () => {}));
  for (let round = 0; round < 5; round++) {
    const attacks = Array.from({ length: 10 }, (_, index) => {
      const raw = connect(port, "127.0.0.1").on("error", () => {});
      const secure = connectTls({ socket: raw, ...files }).on("error", () => {});
      secure.once("secureConnect", () => {
        secure.write("\0REQ\0\0\0\x10\0\x01\0\0");
        secure.write("x".repeat(65_536 * (index % 3)), () => raw.resetAndDestroy());
      });
      return gone(secure);
    });
    await Promise.all(attacks);
  }
  await eventually(() => server.stats().now.connections === 2, "they are gone");
  expect(server.stats().now.inputBytes).toBe(0);
  await honest.stop();
  await server.stop();
}, 60_000);
