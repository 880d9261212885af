import fc from "fast-check";
import { expect, it } from "vitest";
import { parseServer, parseServers } from "../../src/link/address.ts";
import { GearmanError } from "../../src/link/errors.ts";

const tcp = (host: string, port: number, tls = false) => ({ host, port, tls });

const READ: readonly [string, string, object][] = [
  ["localhost", "localhost:4730", tcp("localhost", 4730)],
  ["localhost:1", "localhost:1", tcp("localhost", 1)],
  ["127.0.0.1:65535", "127.0.0.1:65535", tcp("127.0.0.1", 65_535)],
  ["tcp://a.b:7003", "a.b:7003", tcp("a.b", 7003)],
  ["tcp://a.b/", "a.b:4730", tcp("a.b", 4730)],
  ["tls://a.b", "tls://a.b:4730", tcp("a.b", 4730, true)],
  ["tls://[::1]:7", "tls://[::1]:7", tcp("::1", 7, true)],
  ["[::1]", "[::1]:4730", tcp("::1", 4730)],
  ["::1", "[::1]:4730", tcp("::1", 4730)],
  ["fe80::1%eth0", "[fe80::1%eth0]:4730", tcp("fe80::1%eth0", 4730)],
  ["unix:/run/g.sock", "unix:/run/g.sock", { path: "/run/g.sock" }],
  ["unix:///run/g.sock", "unix:/run/g.sock", { path: "/run/g.sock" }],
];

it.each(READ)("reads %s", (text, name, address) => {
  expect(parseServer(text)).toEqual({ name, address });
});

const REFUSED = [
  "",
  " ",
  "a b",
  "a:",
  "a:0",
  "a:65536",
  "a:1x",
  "http://a",
  "tls://",
  "[::1",
  "[a]",
  "1:2:3",
  "a,b",
  ":1",
];

it.each([...REFUSED, "unix:", "unix:g.sock", "tls://unix:/g", "[::1]x:1", "user@host/path"])("refuses '%s'", (text) => {
  expect(() => parseServer(text)).toThrow(expect.objectContaining({ code: "ADDRESS", next: "fix" }));
});

it("gives an address its own name back", () => {
  const host = fc.oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((v6) => `[${v6}]`),
  );
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(host, port, fc.boolean(), (name, number, tls) => {
      const text = `${tls ? "tls://" : ""}${name}:${number}`;
      const target = parseServer(text);
      expect(target.name).toBe(text);
      expect(parseServer(target.name)).toEqual(target);
    }),
  );
});

it("reads any text, or says what is wrong with it", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseServer(text).name).not.toBe("");
      } catch (error) {
        expect(error).toBeInstanceOf(GearmanError);
      }
    }),
  );
});

it("takes the port and TLS that are given for addresses that say neither", () => {
  expect(parseServers("a, tcp://b:2 ,,::1,unix:/s", true, 9).map(({ name }) => name)).toEqual([
    "tls://a:9",
    "b:2",
    "tls://[::1]:9",
    "unix:/s",
  ]);
});

it("takes a server in this process as it is", () => {
  const server = { connect: () => expect.fail("it is not to be connected yet") };
  expect(parseServer(server)).toEqual({ name: "memory", address: server });
});
