import fc from "fast-check";
import { expect, test } from "vitest";
import { BLOCK, Numbers } from "../../src/store/numbers.ts";
import { check, printSeed } from "./support.ts";

printSeed("numbers");

type Step = { readonly what: "next"; readonly count: number } | { readonly what: "commit" | "told" | "crash" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant("next" as const),
      count: fc.constantFrom(1, BLOCK / 2 - 1, BLOCK / 2, BLOCK),
    }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ what: "commit" }) },
  { weight: 3, arbitrary: fc.constant<Step>({ what: "told" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ what: "crash" }) },
);

/** Numbers with a store that commits what is asked for, and tells so later; a crash forgets what is not committed. */
class Run {
  #asked = 0;
  #committed = 0;
  #numbers = this.#start();
  #given = 0;

  run(step: Step): void {
    if (step.what === "next") this.#take(step.count);
    else if (step.what === "commit") this.#committed = Math.max(this.#committed, this.#asked);
    else if (step.what === "told") this.#numbers.reserved(this.#committed);
    else this.#numbers = this.#start();
  }

  #start(): Numbers {
    const numbers = new Numbers((upTo) => {
      expect(upTo).toBeGreaterThan(this.#committed);
      this.#asked = upTo;
    });
    expect(numbers.next()).toBe(undefined);
    const first = this.#committed;
    this.#committed += BLOCK;
    this.#asked = 0;
    numbers.start(first, this.#committed);
    return numbers;
  }

  #take(count: number): void {
    for (let n = 0; n < count; n++) {
      const number = this.#numbers.next();
      if (number === undefined) return;
      if (number <= this.#given || number > this.#committed)
        expect.fail(`${number} after ${this.#given}, of ${this.#committed}`);
      this.#given = number;
    }
  }
}

test("no number is given twice, over restarts too, and none that is not reserved", { timeout: 120_000 }, () => {
  check(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const run = new Run();
      for (const one of steps) run.run(one);
    }),
  );
});

test("more are asked for in time, once, and none before the start", () => {
  const asked: number[] = [];
  const numbers = new Numbers((upTo) => asked.push(upTo));
  expect(numbers.next()).toBe(undefined);
  numbers.start(5 * BLOCK, 6 * BLOCK);
  for (let n = 1; n <= BLOCK; n++) numbers.next();
  expect(asked).toEqual([7 * BLOCK]);
  expect(numbers.next()).toBe(undefined);
  numbers.reserved(0);
  expect(numbers.next()).toBe(undefined);
  numbers.reserved(7 * BLOCK);
  expect(numbers.next()).toBe(6 * BLOCK + 1);
});
