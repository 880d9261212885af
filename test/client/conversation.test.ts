import { expect, it } from "vitest";
import { Conversation } from "../../src/client/conversation.ts";
import { submitRequest } from "../../src/client/request.ts";
import { Submission } from "../../src/client/submission.ts";
import { codecOf } from "../../src/link/codec.ts";
import { GearmanError } from "../../src/link/errors.ts";
import { Link } from "../../src/link/link.ts";
import type { Connection } from "../../src/transport/connection.ts";

/** A conversation over a connection to nobody, that notes when it is paused. */
function conversation() {
  const reading: boolean[] = [];
  const connection: Connection = {
    remote: { address: "nobody", port: 0 },
    open: () => {},
    write: () => false,
    pause: () => void reading.push(false),
    resume: () => void reading.push(true),
    end: () => {},
    destroy: () => {},
  };
  const link = new Link("nobody", connection, { packet: () => {}, closed: () => {} });
  return { talk: new Conversation(link, () => {}), reading };
}

const submission = (): Submission => new Submission(submitRequest("f", Buffer.alloc(0), {}), codecOf("bytes"), {});

it("knows since when the oldest submit waits, behind questions that wait, too", () => {
  const { talk } = conversation();
  talk.ask("ECHO_REQ", []).catch(() => {});
  expect([talk.busy, talk.unacknowledgedSince]).toEqual([true, undefined]);
  const before = performance.now();
  talk.submit(submission());
  const since = talk.unacknowledgedSince;
  expect(since).toBeGreaterThanOrEqual(before);
  talk.submit(submission());
  expect(talk.unacknowledgedSince).toBe(since);
  talk.hear({ name: "ECHO_RES", args: [], data: Buffer.alloc(0) });
  talk.hear({ name: "JOB_CREATED", args: ["H:1"], data: Buffer.alloc(0) });
  talk.hear({ name: "JOB_CREATED", args: ["H:2"], data: Buffer.alloc(0) });
  expect([talk.busy, talk.unacknowledgedSince]).toEqual([true, undefined]);
});

it("does not read while anybody holds it, and does not count that time against the server", () => {
  const { talk, reading } = conversation();
  talk.submit(submission());
  const since = talk.unacknowledgedSince ?? Number.NaN;
  talk.hold(true);
  talk.hold(true);
  talk.hold(false);
  expect([reading, talk.unacknowledgedSince]).toEqual([[false], undefined]);
  const before = performance.now();
  talk.hold(false);
  expect(reading).toEqual([false, true]);
  expect(talk.unacknowledgedSince).toBeGreaterThanOrEqual(Math.max(before, since));
});

it("hands back what it owed, the unacknowledged first", () => {
  const { talk } = conversation();
  const [running, sent] = [submission(), submission()];
  talk.submit(running);
  talk.submit(sent);
  talk.hear({ name: "JOB_CREATED", args: ["H:1"], data: Buffer.alloc(0) });
  expect(talk.end(new GearmanError("LOST", "gone"))).toEqual([sent, running]);
  expect(talk.busy).toBe(false);
});
