/** What very many ask at once is done in proportion: if the cost of each grew with their number, these would not end in time. */
import { expect, it } from "vitest";
import { aSpec, Core } from "../support/core-harness.ts";

const MANY = 100_000;
const FUNCTIONS = Array.from({ length: 9000 }, (_, nth) => `f${nth}`);

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

it("a worker with many jobs that gives up again and again what it does not do", () => {
  const core = new Core();
  const worker = core.worker("f");
  for (let nth = 0; nth < MANY; nth++) core.background();
  for (let nth = 0; nth < MANY; nth++) core.grab(worker);
  core.server.createFunction("g");
  for (let nth = 0; nth < MANY / 10; nth++) {
    core.server.cantDo(worker, "g");
    core.server.canDo(worker, "g", 0);
    core.server.cantDo(worker, "g");
  }
  expect(core.server.gauges.running).toBe(MANY);
});

it("a function of one job that is dropped again and again, while there are many other jobs", () => {
  const core = new Core();
  for (let nth = 0; nth < MANY; nth++) core.background();
  for (let nth = 0; nth < MANY / 10; nth++) {
    core.background({ function: "g" });
    core.server.dropFunction("g");
  }
  expect(core.server.gauges.jobs).toBe(MANY);
});

it("grabs of workers with many functions, while many others have jobs", () => {
  const core = new Core();
  const workers = [core.worker(...FUNCTIONS), core.worker(...FUNCTIONS)];
  for (const name of FUNCTIONS) core.background({ function: `other-${name}` });
  for (let nth = 0; nth < MANY; nth++) for (const worker of workers) core.grab(worker);
  for (const name of FUNCTIONS) {
    core.background({ function: name });
    expect(workers.map((worker) => core.grab(worker))).toContain("none");
  }
  expect(core.server.gauges.running).toBe(FUNCTIONS.length);
});

it("grabs of a worker with many functions, most of which have jobs", () => {
  const core = new Core();
  const worker = core.worker(...FUNCTIONS);
  for (const name of FUNCTIONS.slice(0, -20))
    for (const priority of [0, 2] as const) core.background({ function: name, priority });
  for (let nth = 0; nth < MANY; nth++) core.finish(worker, core.grab(worker));
  expect(core.server.gauges.jobs).toBe(0);
});

it("workers with many functions that sleep and are woken again and again", () => {
  const core = new Core();
  for (let nth = 0; nth < 3; nth++) core.sleeper(...FUNCTIONS);
  for (let nth = 0; nth < MANY; nth++) workOnce(core, FUNCTIONS[nth % FUNCTIONS.length] ?? "");
  expect(core.server.counters.completed).toBe(MANY);
});

it("many that sleep, while one of as many others is woken again and again", () => {
  const core = new Core();
  const crowd = Array.from({ length: 10_000 }, (_, nth) => core.sleeper(nth % 2 === 0 ? "f" : "g"));
  core.server.preSleep(core.worker("h"));
  for (let nth = 0; nth < MANY; nth++) workOnce(core, nth % 2 === 0 ? "g" : "h");
  expect([crowd.length, core.server.counters.woken]).toEqual([10_000, MANY]);
});

/** A job that the worker does which is woken for it, and which then sleeps again. */
function workOnce(core: Core, name: string): void {
  const submitted = core.server.submit(aSpec({ function: name }), core.peer());
  for (const worker of submitted.kind === "created" ? submitted.outcome.woken : []) {
    core.finish(worker, core.grab(worker));
    core.server.preSleep(worker);
  }
}
