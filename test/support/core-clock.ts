import type { Clock } from "../../src/core/types.ts";

/** A clock that stands still until it is told. */
export class FakeClock implements Clock {
  #monotonic = 5000;
  #wall = 1_700_000_000_000;

  monotonic(): number {
    return this.#monotonic;
  }

  wall(): number {
    return this.#wall;
  }

  /** Milliseconds pass on both clocks. */
  advance(ms: number): void {
    this.#monotonic += ms;
    this.#wall += ms;
  }

  /** Somebody sets the wall clock: milliseconds forwards, or backwards if negative. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}
