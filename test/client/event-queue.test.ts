import fc from "fast-check";
import { expect, it } from "vitest";
import { EventQueue, type JobEvent } from "../../src/client/events.ts";
import { codeOf } from "../support/client-outcome.ts";

const MIB = 1024 ** 2;

const data = (value: unknown): JobEvent<unknown> => ({ kind: "data", data: value });

function queue() {
  const holds: boolean[] = [];
  const events = new EventQueue((hold) => void holds.push(hold));
  return { events, holds };
}

/** What is done to a queue, one after the other; a `push` has a number of its own. */
const STEPS = fc.array(fc.constantFrom("push", "next"), { maxLength: 50 });

it("gives each event once, in order, to whoever asks before it comes or after", () =>
  fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const { events } = queue();
      const reader = events.iterate();
      const read: Promise<unknown>[] = [];
      let pushed = 0;
      for (const step of steps) {
        if (step === "push") events.push(data(pushed++), 1);
        else read.push(reader.next().then(({ value }) => value));
      }
      events.end();
      const expected = read.map((_, index) => (index < pushed ? data(index) : undefined));
      expect(await Promise.all(read)).toEqual(expected);
    }),
  ));

it("throws the error once, behind the last event, and is done then", async () => {
  const { events } = queue();
  events.push(data(1), 1);
  events.end(new Error("boom"));
  const reader = events.iterate();
  expect((await reader.next()).value).toEqual(data(1));
  await expect(reader.next()).rejects.toThrow("boom");
  expect(await reader.next()).toEqual({ value: undefined, done: true });
});

it("gives the error to the first of those who wait", async () => {
  const { events } = queue();
  const [one, two] = [events.next(), events.next()];
  events.end(new Error("boom"));
  await expect(one).rejects.toThrow("boom");
  expect((await two).done).toBe(true);
});

it("is over for who waits and for who comes when the loop is left", async () => {
  const { events } = queue();
  const waits = events.iterate().next();
  await events.return();
  events.push(data(1), 1);
  events.end(new Error("too late"));
  expect([(await waits).done, (await events.next()).done]).toEqual([true, true]);
});

it("can be iterated over once", () => {
  const { events } = queue();
  events.iterate();
  expect(() => events.iterate()).toThrow("once");
});

it("makes the server wait from 16 MiB of unread events on, until some of them were read", async () => {
  const { events, holds } = queue();
  const reader = events.iterate();
  for (let count = 0; count < 17; count++) events.push(data(count), MIB);
  expect(holds).toEqual([true]);
  await reader.next();
  expect(holds).toEqual([true]);
  await reader.next();
  expect(holds).toEqual([true, false]);
});

it("counts events without bytes, too", () => {
  const { events, holds } = queue();
  events.iterate();
  for (let count = 0; count < (17 * MIB) / 100; count++)
    events.push({ kind: "status", numerator: count, denominator: 0 }, 0);
  expect(holds).toEqual([true]);
});

it.each(["end", "return"] as const)("lets the server go on at its %s", async (how) => {
  const { events, holds } = queue();
  events.iterate();
  events.push(data(1), 20 * MIB);
  await events[how]();
  expect(holds).toEqual([true, false]);
});

it("loses events that nobody reads beyond 16 MiB, holds nobody up, and says so to who comes too late", async () => {
  const { events, holds } = queue();
  for (let count = 0; count < 20; count++) events.push(data(count), MIB);
  expect(holds).toEqual([]);
  expect(await codeOf((async () => events.iterate())())).toBe("EVENTS_LOST");
  events.end();
});

it("forgets what nobody has read when the job begins anew, and remembers whether somebody has", async () => {
  const { events } = queue();
  events.push(data("old"), 20);
  events.push({ kind: "status", numerator: 1, denominator: 2 }, 0);
  events.restart();
  const reader = events.iterate();
  events.push({ kind: "status", numerator: 0, denominator: 2 }, 0);
  expect((await reader.next()).value).toMatchObject({ kind: "status", numerator: 0 });
  expect(events.delivered).toBe(false);
  events.push(data("new"), 20);
  expect((await reader.next()).value).toEqual(data("new"));
  expect(events.delivered).toBe(true);
});

it("knows whether its events are wanted", () => {
  const { events } = queue();
  expect(events.wanted).toBe(false);
  events.push(data(1), 1);
  expect(events.wanted).toBe(true);
  events.restart();
  expect(events.wanted).toBe(false);
  events.iterate();
  expect(events.wanted).toBe(true);
});
