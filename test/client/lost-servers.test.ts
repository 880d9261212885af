import { afterEach, expect, it, vi } from "vitest";
import { Client } from "../../src/client/client.ts";
import type { SizedStream } from "../../src/link/payload.ts";
import { FakeServer, type FakeSession, type Request } from "../support/client-fake-server.ts";
import { gearmanError } from "../support/client-outcome.ts";

afterEach(() => vi.useRealTimers());

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

/** Answers what every client asks, and each job with its handle. */
const friendly =
  (handle: string, then: (session: FakeSession) => void = () => {}) =>
  ({ name }: Request, session: FakeSession): void => {
    if (name === "ECHO_REQ") session.send("ECHO_RES", "");
    if (name === "OPTION_REQ") session.send("OPTION_RES", "exceptions");
    if (name?.startsWith("SUBMIT_JOB") !== true) return;
    session.send("JOB_CREATED", handle);
    then(session);
  };

it("does not say that nothing was done of a job that a lost server may have run", async () => {
  const server = new FakeServer(friendly("H:1"));
  await using client = new Client({ servers: server, serverTimeout: 0 });
  const job = await client.submit("f", "");
  server.sessions[0]?.destroy();
  const error = await gearmanError(job.result);
  expect(error).toMatchObject({ code: "LOST", next: "unknown", cause: { code: "NO_SERVER" } });
  expect(error.message).toContain('a job of "f" lost its server, and found no other');
});

it("lets a stream that breaks off at a lost server harm nobody: the job runs elsewhere", async () => {
  const first = new FakeServer(({ name }, session) => {
    if (name === "ECHO_REQ") session.send("ECHO_RES", "");
  });
  let broken = false;
  const finish = async (session: FakeSession): Promise<void> => {
    while (!broken) await turns(1);
    await turns(10);
    session.send("WORK_COMPLETE", "H:2", "done");
  };
  const second = new FakeServer(friendly("H:2", (session) => void finish(session)));
  await using client = new Client({ servers: [first, second], choose: "in-order", exceptions: false });
  let opened = 0;
  const stream: SizedStream = {
    size: 4,
    async *open() {
      opened += 1;
      if (opened > 1) return yield Buffer.from("abcd");
      yield Buffer.from("ab");
      first.sessions[0]?.destroy();
      await turns(20);
      broken = true;
      throw new Error("the first reading broke off");
    },
  };
  expect(String(await client.run("f", stream))).toBe("done");
  expect(opened).toBe(2);
});

it("decodes the handle of a job in the background, as of any other", async () => {
  const server = new FakeServer(friendly(Buffer.from("H:café:1").toString("latin1")));
  await using client = new Client({ servers: server });
  expect(await client.submit("f", "", { background: true })).toMatchObject({ handle: "H:café:1" });
});

it("leaves no probe behind", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "performance"] });
  const server = new FakeServer(friendly("H:1"));
  const client = new Client({ servers: server });
  const job = await client.submit("f", "");
  for (let step = 0; step < 10 && server.sessions.length < 2; step++) {
    vi.advanceTimersByTime(500);
    await turns(10);
  }
  expect(server.sessions).toHaveLength(2);
  await client.close();
  await turns(10);
  expect(server.sessions.map(({ closed }) => closed)).toEqual([true, true]);
  expect((await gearmanError(job.result)).code).toBe("CLOSED");
});
