import { expect, it } from "vitest";
import { type Report, Simulation } from "./simulation.ts";

const { SEED, SEEDS = "200", MINUTES = "2" } = process.env;

/** Runs a seed; says which one it was if it fails. */
function simulate(seed: number): Report {
  try {
    return new Simulation(seed).run(Number(MINUTES));
  } catch (error) {
    throw new Error(`simulation: run again with SEED=${seed} MINUTES=${MINUTES}`, { cause: error });
  }
}

it("no acknowledged job is lost, whatever happens", { timeout: 24 * 3600_000 }, () => {
  const first = SEED === undefined ? Date.now() % 2 ** 31 : Number(SEED);
  const count = SEED === undefined ? Number(SEEDS) : 1;
  const reports = Array.from({ length: count }, (_, n) => simulate(first + n));
  const sum = (field: keyof Report) => Math.round(reports.reduce((total, report) => total + report[field], 0));
  console.log(
    `simulation: seeds ${first} to ${first + count - 1}, ${sum("hours")} hours, ${sum("events")} events, ` +
      `${sum("restarts")} restarts, ${sum("acknowledged")} jobs acknowledged${count === 1 ? `, hash ${reports[0]?.hash}` : ""}`,
  );
  expect(sum("acknowledged")).toBeGreaterThan(0);
  expect(sum("restarts")).toBeGreaterThan(0);
});

it("a seed does the same twice", () => {
  expect(simulate(7)).toEqual(simulate(7));
  expect(simulate(7)).not.toEqual(simulate(8));
});
