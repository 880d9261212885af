/** What very many ask at once is done in proportion: if the cost of each grew with their number, these would not end in time. */
import { expect, it } from "vitest";
import { Core } from "../support/core-harness.ts";

const MANY = 100_000;

it("clients of one job that all leave", () => {
  const core = new Core();
  const clients = Array.from({ length: MANY }, () => core.peer());
  for (const client of clients) core.submit({ unique: "u" }, client);
  for (const client of clients.slice(1)) core.server.leave(client);
  expect(core.server.jobByHandle("1")?.clients.size).toBe(1);
});

it("one client that joins a job very often, while others come and go", () => {
  const core = new Core();
  const often = core.peer();
  for (let nth = 0; nth < MANY; nth++) core.submit({ unique: "u" }, often);
  for (let nth = 0; nth < MANY; nth++) {
    const client = core.peer();
    core.submit({ unique: "u" }, client);
    core.server.leave(client);
  }
  expect(core.server.jobByHandle("1")?.clients.size).toBe(MANY);
  core.server.leave(often);
  expect(core.server.gauges.jobs).toBe(0);
});

it("jobs that time out together at a worker that sleeps", () => {
  const core = new Core();
  const worker = core.timedWorker(1000);
  core.worker("f");
  for (let nth = 0; nth < MANY; nth++) core.background();
  for (let nth = 0; nth < MANY; nth++) core.grab(worker);
  core.server.preSleep(worker);
  core.clock.advance(1000);
  core.server.tick();
  expect([core.server.gauges.running, core.server.gauges.runnable]).toEqual([0, MANY]);
});

it("a worker with many functions and many jobs that gives all back", () => {
  const core = new Core();
  const worker = core.worker("f");
  for (let nth = 0; nth < MANY; nth++) core.background();
  for (let nth = 0; nth < MANY; nth++) core.grab(worker);
  for (let nth = 0; nth < 9000; nth++) core.server.canDo(worker, `f${nth}`, 0);
  core.server.resetAbilities(worker);
  expect([core.server.gauges.running, core.server.gauges.runnable]).toEqual([0, MANY]);
});
