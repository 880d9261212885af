import { expect, it } from "vitest";
import { type GearmanError, LIBRARY_ERRORS, reasonOf } from "../../src/link/errors.ts";
import { Link } from "../../src/link/link.ts";
import type { SizedStream } from "../../src/link/payload.ts";
import type { Connection } from "../../src/transport/connection.ts";
import { FakeServer } from "../support/client-fake-server.ts";

const MIB = 1024 ** 2;

/** A stream of chunks, and how often it was opened and how many chunks were read. */
function counted(chunks: number, size = MIB): SizedStream & { opened: number; read: number } {
  const stream = {
    size: chunks * size,
    opened: 0,
    read: 0,
    async *open() {
      stream.opened += 1;
      for (let chunk = 0; chunk < chunks; chunk++) {
        stream.read += 1;
        yield Buffer.alloc(size, stream.opened);
      }
    },
  };
  return stream;
}

/** A link to a server that tells the sizes of the bodies that it got. */
function linked() {
  const sizes: number[] = [];
  let heard = (): void => {};
  const server = new FakeServer(({ parts }) => {
    sizes.push(parts.reduce((sum, part) => sum + part.length, 0));
    heard();
  });
  const closed: GearmanError[] = [];
  const link = new Link("fake", server.connect(), { packet: () => {}, closed: (why) => void closed.push(why) });
  const until = async (count: number): Promise<number[]> => {
    while (sizes.length < count) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
    return sizes;
  };
  return { link, server, until, closed };
}

it("sends streams one after the other, and what comes between them in its place", async () => {
  const { link, until } = linked();
  const [one, two] = [counted(3), counted(2)];
  link.send("SUBMIT_JOB", ["f", ""], one);
  link.send("SUBMIT_JOB", ["f", ""], Buffer.alloc(5 * MIB, "x"));
  link.send("SUBMIT_JOB", ["f", ""], two);
  link.send("SUBMIT_JOB", ["f", ""], Buffer.alloc(7, "x"));
  expect(await until(4)).toEqual([3 * MIB + 1, 5 * MIB + 1, 2 * MIB + 1, 8]);
  expect([one.opened, two.opened]).toEqual([1, 1]);
  link.close();
});

it("reads a stream no faster than the other side takes it", async () => {
  const { link, server, until } = linked();
  server.sessions[0]?.pause();
  const [one, two] = [counted(50), counted(1)];
  link.send("SUBMIT_JOB", ["f", ""], one);
  link.send("SUBMIT_JOB", ["f", ""], two);
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  expect(one.read).toBeLessThan(5);
  expect(two.opened).toBe(0);
  expect(two.opened).toBe(0);
  server.sessions[0]?.resume();
  await until(2);
  expect([one.read, two.read]).toEqual([50, 1]);
  link.close();
});

const WRONG: readonly [string, SizedStream, RegExp][] = [
  ["too short", { ...counted(1), size: MIB + 1 }, /1 bytes are missing/],
  ["too long", { ...counted(2), size: MIB }, /more bytes than its size says/],
  [
    "broken",
    {
      size: 1,
      async *open() {
        yield Buffer.alloc(0);
        throw new Error("disk on fire");
      },
    },
    /disk on fire/,
  ],
];

it.each(WRONG)("cuts the connection when a stream is %s, and says so to its sender", async (_what, stream, says) => {
  const { link, closed } = linked();
  const error = await new Promise<GearmanError>((resolve) => link.send("SUBMIT_JOB", ["f", ""], stream, resolve));
  expect(error).toMatchObject({ code: "STREAM", message: expect.stringMatching(says) });
  await link.writable();
  while (closed.length === 0) await new Promise(setImmediate);
  expect(closed).toEqual([error]);
});

it("stops reading a stream when the connection is lost", async () => {
  const { link, server, closed } = linked();
  server.sessions[0]?.pause();
  const [one, two] = [counted(1000), counted(1)];
  link.send("SUBMIT_JOB", ["f", ""], one);
  link.send("SUBMIT_JOB", ["f", ""], two);
  await new Promise(setImmediate);
  server.sessions[0]?.destroy();
  while (closed.length === 0) await new Promise(setImmediate);
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(one.read).toBeLessThan(5);
  expect(closed[0]).toMatchObject({
    code: "LOST",
    message: "the connection to fake was lost: it closed the connection",
  });
});

it("tells senders to wait while the other side does not read, and to go on when it does", async () => {
  const { link, server } = linked();
  server.sessions[0]?.pause();
  expect(link.full).toBe(false);
  link.send("SUBMIT_JOB", ["f", ""], Buffer.alloc(2 * MIB));
  expect(link.full).toBe(true);
  let went = false;
  const going = link.writable().then(() => {
    went = true;
  });
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(went).toBe(false);
  server.sessions[0]?.resume();
  await going;
  expect(link.full).toBe(false);
  link.close();
});

it("tells a receiver that comes too late that the link is closed", async () => {
  const { link } = linked();
  link.close();
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  const why = await new Promise<GearmanError>((resolve) => {
    link.receiver = { packet: () => {}, closed: resolve };
  });
  expect(why).toMatchObject({ code: "CLOSED", message: "the connection to fake was closed" });
});

it("sends what is queued in one write", async () => {
  const writes: number[] = [];
  const connection: Connection = {
    remote: { address: "fake", port: 0 },
    open: () => {},
    write: (buffers) => writes.push(buffers.length) === 0,
    pause: () => {},
    resume: () => {},
    end: () => {},
    destroy: () => {},
  };
  const link = new Link("fake", connection, { packet: () => {}, closed: () => {} });
  for (let count = 0; count < 5; count++) link.send("ECHO_REQ", [], Buffer.from("x"));
  expect(writes).toEqual([]);
  await new Promise(setImmediate);
  expect(writes).toEqual([1]);
});

it("says what an error says, and each of several", () => {
  expect(reasonOf(new Error("one"))).toBe("one");
  expect(reasonOf("text")).toBe("text");
  expect(reasonOf(new AggregateError([new Error("one"), new AggregateError([], "none")]))).toBe("one; none");
});

it("has for each error what the caller does next", () => {
  for (const { then, when } of Object.values(LIBRARY_ERRORS)) {
    expect(["fix", "retry", "unknown", "failed"]).toContain(then);
    expect(when).not.toBe("");
  }
});
