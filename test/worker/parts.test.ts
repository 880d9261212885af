import { describe, expect, test } from "vitest";
import { Grabs } from "../../src/worker/grabs.ts";
import { Slots } from "../../src/worker/slots.ts";
import { BEATS, IMPATIENT_BEATS, Vigil } from "../../src/worker/vigil.ts";

describe("Vigil", () => {
  const beats = (vigil: Vigil, count: number, heardAt: number, isWaitedFor = false): string[] =>
    Array.from({ length: count }, () => vigil.beat(heardAt, isWaitedFor));
  const fine = (count: number): string[] => Array.from({ length: count }, () => "fine");

  test("a heartbeat of silence: ask; another: dead", () => {
    const vigil = new Vigil();
    expect(beats(vigil, 1 + 2 * BEATS, 7)).toEqual([...fine(BEATS), "ask", ...fine(BEATS - 1), "dead"]);
  });

  test("any sign of life begins anew", () => {
    const vigil = new Vigil();
    expect(beats(vigil, 2 * BEATS, 7).at(-1)).toBe("fine");
    expect(beats(vigil, BEATS + 1, 8)).toEqual([...fine(BEATS), "ask"]);
  });

  test("who is waited for has some beats only", () => {
    expect(beats(new Vigil(), 1 + IMPATIENT_BEATS, 7, true)).toEqual([...fine(IMPATIENT_BEATS), "dead"]);
  });
});

describe("Slots", () => {
  test("there are as many as there are, and a budget is used up by jobs alone", () => {
    const budget = new Slots(3);
    const slots = new Slots(2, budget);
    expect([slots.take(), slots.take(), slots.take()]).toEqual([true, true, false]);
    slots.putBack();
    slots.free();
    expect(slots.idle).toBe(true);
    expect([slots.take(), slots.take()]).toEqual([true, true]);
    slots.free();
    expect(slots.take()).toBe(false);
  });
});

describe("Grabs", () => {
  test("an answer that nobody waits for is none", () => {
    const grabs = new Grabs();
    expect([grabs.assigned(5), grabs.refused(), grabs.outstanding]).toEqual([false, false, 0]);
    expect([grabs.hungry, grabs.sleepy]).toEqual([true, false]);
  });

  test("the window doubles up to the most, and closes with NO_JOB", () => {
    const grabs = new Grabs();
    const windows: number[] = [];
    for (let round = 0; round < 5; round++) {
      const before = grabs.outstanding;
      while (grabs.hungry) grabs.sent();
      windows.push(grabs.outstanding - before);
      while (grabs.outstanding > 0) grabs.assigned(5);
    }
    expect(windows).toEqual([1, 2, 5, 5, 5]);
    grabs.sent();
    grabs.refused();
    expect([grabs.hungry, grabs.sleepy]).toEqual([false, true]);
    grabs.woken();
    grabs.sent();
    expect([grabs.hungry, grabs.sleepy]).toEqual([false, false]);
  });
});
