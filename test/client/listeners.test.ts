import { expect, it } from "vitest";
import { Job } from "../../src/client/job.ts";
import { Listeners } from "../../src/client/listeners.ts";
import { submitRequest } from "../../src/client/request.ts";
import { Submission } from "../../src/client/submission.ts";
import { codecOf } from "../../src/link/codec.ts";
import type { Packet } from "../../src/link/link.ts";
import type { PacketName } from "../../src/protocol/packets.ts";
import { eventsOf } from "../support/client-outcome.ts";

const submission = (): Submission => new Submission(submitRequest("f", Buffer.alloc(0), {}), codecOf("bytes"), {});

const packet = (name: PacketName, handle: string, text = ""): Packet => ({
  name,
  args: [handle],
  data: Buffer.from(text),
});

it("gives each who waits one copy, also who joins in the middle", async () => {
  const [one, two, three] = [submission(), submission(), submission()];
  const listeners = new Listeners();
  const say = (name: PacketName, text: string, copies: number): void => {
    for (let copy = 0; copy < copies; copy++) listeners.deliver(packet(name, "H:1", text));
  };
  listeners.add("H:1", one);
  listeners.add("H:1", two);
  say("WORK_DATA", "a", 2);
  say("WORK_DATA", "b", 2);
  listeners.add("H:1", three);
  say("WORK_DATA", "c", 3);
  say("WORK_DATA", "d", 3);
  say("WORK_COMPLETE", "r", 3);
  expect(await Promise.all([one, two, three].map((each) => eventsOf(new Job<Buffer>(each))))).toEqual([
    ["data a", "data b", "data c", "data d"],
    ["data a", "data b", "data c", "data d"],
    ["data c", "data d"],
  ]);
  expect(await Promise.all([one, two, three].map(({ result }) => result.promise))).toEqual(
    Array(3).fill(Buffer.from("r")),
  );
  expect(listeners.size).toBe(0);
});

it("counts one who has given up, so that the others get theirs", async () => {
  const [one, two] = [submission(), submission()];
  const listeners = new Listeners();
  listeners.add("H:1", one);
  listeners.add("H:1", two);
  one.fail(new Error("given up"));
  for (const name of ["WORK_DATA", "WORK_DATA", "WORK_COMPLETE"] as const) listeners.deliver(packet(name, "H:1", "x"));
  expect(two.settled).toBe(false);
  listeners.deliver(packet("WORK_COMPLETE", "H:1", "x"));
  expect(await eventsOf(new Job<Buffer>(two))).toEqual(["data x"]);
  await two.result.promise;
});

it("lets packets pass for which nobody waits", () => {
  const listeners = new Listeners();
  listeners.deliver(packet("WORK_FAIL", "H:2"));
  listeners.add("H:1", submission());
  listeners.deliver(packet("WORK_COMPLETE", "H:2"));
  expect(listeners.takeAll()).toHaveLength(1);
  expect(listeners.size).toBe(0);
});
