import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Schedule, type Scheduled } from "../../src/core/schedule.ts";

class Item implements Scheduled {
  heapIndex = -1;
  dueAt = 0;
  setAs = 0;
}

describe("Schedule", () => {
  it("has nothing due when it is empty", () => {
    const schedule = new Schedule<Item>();
    expect([schedule.next, schedule.size, schedule.takeDue(1e9)]).toEqual([Number.POSITIVE_INFINITY, 0, undefined]);
  });

  it("gives an item when it is due, not before, and once", () => {
    const schedule = new Schedule<Item>();
    const item = new Item();
    schedule.set(item, 10);
    expect([schedule.next, schedule.size]).toEqual([10, 1]);
    expect(schedule.takeDue(9)).toBeUndefined();
    expect(schedule.takeDue(10)).toBe(item);
    expect([schedule.takeDue(10), item.heapIndex]).toEqual([undefined, -1]);
  });

  it("moves an item that is set again", () => {
    const schedule = new Schedule<Item>();
    const [a, b] = [new Item(), new Item()];
    schedule.set(a, 10);
    schedule.set(b, 20);
    schedule.set(a, 30);
    expect([schedule.takeDue(99), schedule.takeDue(99), schedule.size]).toEqual([b, a, 0]);
  });

  it("gives what is due at one time in the order it was set", () => {
    const schedule = new Schedule<Item>();
    const items = Array.from({ length: 20 }, () => new Item());
    for (const item of items) schedule.set(item, 10);
    for (const item of items) expect(schedule.takeDue(10)).toBe(item);
  });

  it("passes over an item that it does not hold", () => {
    const schedule = new Schedule<Item>();
    schedule.set(new Item(), 1);
    schedule.remove(new Item());
    expect(schedule.size).toBe(1);
  });

  it("does as a sorted array would", () => {
    const operation = fc.record({
      what: fc.constantFrom("set", "set", "remove", "take"),
      which: fc.nat(15),
      time: fc.nat(12),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: "max" }), (operations) => {
        const schedule = new Schedule<Item>();
        const items = Array.from({ length: 16 }, () => new Item());
        const held = new Map<Item, number>();
        for (const { what, which, time } of operations) {
          for (const item of items.slice(which, which + 1)) {
            if (what === "set") schedule.set(item, time);
            if (what === "set" || what === "remove") held.delete(item);
            if (what === "set") held.set(item, time);
            if (what === "remove") schedule.remove(item);
          }
          if (what === "take") expectSoonest(schedule, held, time);
          expect([schedule.size, schedule.next]).toEqual([held.size, soonest(held)]);
          for (const item of items) expect(item.heapIndex >= 0).toBe(held.has(item));
        }
      }),
      { numRuns: 200 },
    );
  });
});

const soonest = (held: Map<Item, number>): number => Math.min(Number.POSITIVE_INFINITY, ...held.values());

function expectSoonest(schedule: Schedule<Item>, held: Map<Item, number>, now: number): void {
  const sorted = [...held].sort(([, a], [, b]) => a - b);
  const due = sorted.find(([, time]) => time <= now)?.[0];
  expect(schedule.takeDue(now)).toBe(due);
  if (due !== undefined) held.delete(due);
}
