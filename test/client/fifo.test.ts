import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "../../src/lib/fifo.ts";

const STEPS = fc.array(fc.oneof(fc.nat(), fc.constantFrom("shift" as const, "takeAll" as const)), { maxLength: 200 });

it("is an array from which is taken at the front", () =>
  fc.assert(
    fc.property(STEPS, (steps) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      for (const step of steps) {
        if (typeof step === "number") {
          fifo.push(step);
          model.push(step);
        } else if (step === "shift") expect(fifo.shift()).toBe(model.shift());
        else {
          expect(fifo.takeAll()).toEqual(model);
          model = [];
        }
        expect([fifo.length, fifo.first, [...fifo]]).toEqual([model.length, model[0], model]);
      }
    }),
  ));
