import { expect, it } from "vitest";
import { Client } from "../../src/client/client.ts";
import { FakeServer, type FakeSession } from "../support/client-fake-server.ts";
import { gearmanError } from "../support/client-outcome.ts";
import { encode } from "../support/wire.ts";

/** What a server may answer to a submit that is no answer, and what the client says of it. */
const NONSENSE: readonly [string, (session: FakeSession) => void, RegExp][] = [
  ["text", (session) => session.write("HTTP/1.1 400 Bad Request\r\n"), /is it a Gearman job server/],
  ["a TLS alert", (session) => session.write(`\x15\x03\x01\x00\x02\x02\n`), /is it a Gearman job server/],
  ["garbage", (session) => session.write("\0garbage garbage"), /no Gearman packet/],
  ["a packet of no type", (session) => session.write("\0RES\0\0\0\xff\0\0\0\0"), /no Gearman packet/],
  ["a packet that is too large", (session) => session.write("\0RES\0\0\0\x08\xff\xff\xff\xff"), /more than/],
  ["a request", (session) => session.write(encode("JOB_CREATED", ["H:1"], "REQ")), /sent a request/],
  ["a packet without its arguments", (session) => session.send("ERROR", "code only"), /its ERROR is malformed/],
  ["the answer to another question", (session) => session.send("ECHO_RES", "x"), /ECHO_RES .*unasked/],
  ["a packet for workers", (session) => session.send("NOOP"), /NOOP .*unasked/],
];

it.each(NONSENSE)("leaves a server that answers with %s", async (_what, answer, says) => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "SUBMIT_JOB") answer(session);
  });
  await using client = new Client({ servers: server, exceptions: false });
  const why = new Promise<Error>((resolve) => client.once("disconnected", (_server, error) => resolve(error)));
  const outcome = gearmanError(client.submit("f", "", { resubmit: false }));
  expect(await why).toMatchObject({ code: "PROTOCOL", message: expect.stringMatching(says) });
  expect(await outcome).toMatchObject({ code: "LOST", message: expect.stringMatching(says), cause: await why });
});

it.each(NONSENSE)("resubmits the job when the first server answers with %s", async (_what, answer) => {
  const server = new FakeServer(({ name }, session) => {
    if (name !== "SUBMIT_JOB") return;
    if (session === server.sessions[0]) return answer(session);
    session.send("JOB_CREATED", "H:1");
    session.send("WORK_COMPLETE", "H:1", "at last");
  });
  await using client = new Client({ servers: server, exceptions: false });
  const job = await client.submit("f", "");
  expect((await job.result).toString()).toBe("at last");
  expect(job.attempts).toBe(2);
});

it("reads packets that come byte by byte, and half a packet is none", async () => {
  const bytes = encode("JOB_CREATED", ["H:1"], "RES") + encode("WORK_COMPLETE", ["H:1", "whole"], "RES");
  const server = new FakeServer(({ name }, session) => {
    if (name !== "SUBMIT_JOB") return;
    if (session !== server.sessions[0]) for (const byte of bytes) session.write(byte);
    else {
      session.write(bytes.slice(0, -1));
      session.destroy();
    }
  });
  await using client = new Client({ servers: server, exceptions: false });
  expect((await client.run("f", "")).toString()).toBe("whole");
  expect(server.sessions).toHaveLength(2);
});

it("leaves a server that says something unasked", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "ECHO_REQ") session.send("ECHO_RES", "asked");
    if (name === "ECHO_REQ") session.send("ECHO_RES", "unasked");
  });
  await using client = new Client({ servers: server, exceptions: false });
  const why = new Promise((resolve) => client.once("disconnected", (_server, error) => resolve(error.code)));
  expect((await client.echo()).toString()).toBe("asked");
  expect(await why).toBe("PROTOCOL");
});

it("takes odd numbers of a status as none, and events of jobs that nobody waits for as nothing", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "SUBMIT_JOB") {
      session.send("WORK_DATA", "H:nobody", "x");
      session.send("JOB_CREATED", "H:1");
      session.send("WORK_STATUS", "H:1", "half", "1");
      session.send("WORK_COMPLETE", "H:1", "");
      session.send("WORK_FAIL", "H:1");
    }
    if (name === "GET_STATUS") session.send("STATUS_RES", "H:1", "1", "1", "", "");
  });
  await using client = new Client({ servers: server, exceptions: false });
  const job = await client.submit("f", "");
  const events: unknown[] = [];
  for await (const event of job) events.push(event);
  expect(events).toEqual([{ kind: "status", numerator: 0, denominator: 1 }]);
  expect(await client.status(job)).toEqual({ known: true, running: true, numerator: 0, denominator: 0 });
});

it("does without exceptions at a server that has no such option", async () => {
  const server = new FakeServer(({ name }, session) => {
    if (name === "OPTION_REQ") session.send("ERROR", "UNKNOWN_OPTION", "no");
    if (name === "ECHO_REQ") session.send("ECHO_RES", "here");
  });
  await using client = new Client({ servers: server });
  expect((await client.echo()).toString()).toBe("here");
});

it("says which code a refused question has", async () => {
  const server = new FakeServer((_request, session) => session.send("ERROR", "NOT_TODAY", "go away"));
  await using client = new Client({ servers: server, exceptions: false });
  const error = await gearmanError(client.echo());
  expect(error).toMatchObject({ code: "REFUSED", serverCode: "NOT_TODAY" });
  expect(error.message).toContain("go away");
});
