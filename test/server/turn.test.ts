import { expect, it } from "vitest";
import { systemClock } from "../../src/lib/system-clock.ts";
import { Turn } from "../../src/server/turn.ts";

it("the clock is looked at after some messages, and after one that may have been dear", () => {
  const turn = new Turn(
    () => systemClock.monotonic() - 1000,
    () => {},
  );
  turn.schedule();
  const next = (): boolean => turn.isOver();
  expect(Array.from({ length: 8 }, next)).toEqual([...Array(7).fill(false), true]);
  expect(turn.isOver()).toBe(false);
  turn.lookNext();
  expect([turn.isOver(), turn.isOver()]).toEqual([true, false]);
});
