import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TextSession } from "../../src/cli/gearadmin/text-session.ts";
import type { Connection, ConnectionEvents } from "../../src/transport/connection.ts";

/** A connection whose other end is the test. */
class FakeConnection implements Connection {
  readonly remote = { address: "memory", port: 0 };
  readonly written: string[] = [];
  events: ConnectionEvents | undefined;
  destroyed = false;

  open(events: ConnectionEvents): void {
    this.events = events;
  }
  write(buffers: readonly Buffer[]): boolean {
    this.written.push(Buffer.concat(buffers).toString("latin1"));
    return false;
  }
  destroy(): void {
    this.destroyed = true;
  }
  say(text: string): void {
    this.events?.chunk(Buffer.from(text, "latin1"));
  }
  pause(): void {}
  resume(): void {}
  end(): void {}
}

const STATUS = { line: "status", reply: "table" } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const opened = () => {
  const connection = new FakeConnection();
  return { connection, session: new TextSession("a:1", connection, 1000) };
};

it("waits as long as something comes: the timeout is for silence", async () => {
  const { connection, session } = opened();
  const reply = session.ask(STATUS);
  for (const piece of ["f\t0", "\t0\t0", "\n."]) {
    vi.advanceTimersByTime(999);
    connection.say(piece);
  }
  vi.advanceTimersByTime(999);
  connection.say("\n");
  expect(await reply).toBe("f\t0\t0\t0\n.\n");
  vi.advanceTimersByTime(5000);
  expect(connection.destroyed).toBe(false);
});

it("cuts the connection when it gives up, and every later question is told so", async () => {
  const { connection, session } = opened();
  const reply = session.ask(STATUS);
  vi.advanceTimersByTime(1000);
  await expect(reply).rejects.toMatchObject({ name: "Unanswered", why: "silent for 1000 ms" });
  expect(connection.destroyed).toBe(true);
  connection.events?.close();
  await expect(session.ask(STATUS)).rejects.toMatchObject({ why: "it closed the connection" });
});

it("ends a line as C gearadmin, and sends the fence in the same write", async () => {
  const { connection, session } = opened();
  const dropped = session.ask({ line: "drop function f", reply: "fenced" });
  expect(connection.written).toEqual(["drop function f\r\nversion\r\n"]);
  connection.say("OK\r\n");
  connection.say("OK 1\n");
  expect(await dropped).toBe("OK\r\nOK 1\n");
});

it("takes the server's end for the end of the connection, with the system's error if there is one", async () => {
  const ended = opened();
  const first = ended.session.ask(STATUS);
  ended.connection.events?.end();
  await expect(first).rejects.toMatchObject({ why: "it closed the connection" });
  const cut = opened();
  const second = cut.session.ask(STATUS);
  cut.connection.events?.close(new Error("read ECONNRESET"));
  await expect(second).rejects.toMatchObject({ why: "read ECONNRESET" });
});
