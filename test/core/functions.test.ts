import { describe, expect, it } from "vitest";
import { Functions } from "../../src/core/functions.ts";
import { Core, limitsOf } from "../support/core-harness.ts";

const names = (functions: Functions): string[] => [...functions.values()].map(({ name }) => name);

function idleFunctions(limits: Parameters<typeof limitsOf>[0], ...idle: string[]): Functions {
  const functions = new Functions(limitsOf(limits));
  for (const name of idle) {
    const fn = functions.open(name);
    if (fn !== undefined) functions.release(fn);
  }
  return functions;
}

describe("Functions", () => {
  it("makes a function once", () => {
    const functions = new Functions(limitsOf({}));
    const made = functions.open("a");
    expect([functions.open("a"), functions.get("a"), functions.get("b"), functions.size]).toEqual([
      made,
      made,
      undefined,
      1,
    ]);
  });

  it("keeps idle functions, and forgets the longest idle when they are too many", () => {
    const functions = idleFunctions({ maxIdleFunctions: 2 }, "a", "b");
    expect(names(functions)).toEqual(["a", "b"]);
    functions.open("a");
    const c = functions.open("c");
    if (c !== undefined) functions.release(c);
    expect(names(functions)).toEqual(["a", "b", "c"]);
    const d = functions.open("d");
    if (d !== undefined) functions.release(d);
    expect(names(functions)).toEqual(["a", "c", "d"]);
  });

  it("refuses one function too many, unless an idle one can go", () => {
    const functions = new Functions(limitsOf({ maxFunctions: 2 }));
    const a = functions.open("a");
    functions.open("b");
    expect(functions.open("c")).toBeUndefined();
    if (a !== undefined) functions.release(a);
    expect([functions.open("c")?.name, names(functions)]).toEqual(["c", ["b", "c"]]);
  });

  it("counts one with a long name as several: names are in memory, too", () => {
    const functions = new Functions(limitsOf({ maxFunctions: 3 }));
    const long = functions.open("l".repeat(700));
    expect([functions.open("m".repeat(500)), functions.open("n".repeat(499))?.name.length]).toEqual([undefined, 499]);
    if (long !== undefined) functions.release(long);
    expect([functions.open("m".repeat(500))?.name.length, functions.open("o"), functions.size]).toEqual([
      500,
      undefined,
      2,
    ]);
  });

  it("does not take for idle what is in use, nor what it no longer knows", () => {
    const functions = idleFunctions({ maxIdleFunctions: 0 });
    const fn = functions.open("a");
    if (fn === undefined) throw new Error("no function");
    fn.total = 1;
    functions.release(fn);
    expect(names(functions)).toEqual(["a"]);
    functions.remove(fn);
    functions.open("a");
    fn.total = 0;
    functions.release(fn);
    expect(names(functions)).toEqual(["a"]);
  });
});

describe("functions of a job server", () => {
  const known = (core: Core): string[] => [...core.server.functions()].map(({ name }) => name);

  it("a function stays after its worker left, with 0 workers", () => {
    const core = new Core();
    core.server.leave(core.worker("a", "b"));
    expect([...core.server.functions()].map((fn) => [fn.name, fn.workers.size])).toEqual([
      ["a", 0],
      ["b", 0],
    ]);
  });

  it("a new function per job does not pile up", () => {
    const core = new Core({ limits: limitsOf({ maxIdleFunctions: 3 }) });
    for (let n = 0; n < 10; n++)
      core.server.leave(core.foreground({ function: `made-${n}` }).clients.first?.peer ?? core.peer());
    expect(known(core)).toEqual(["made-7", "made-8", "made-9"]);
  });

  it("a function that has jobs, workers or was made by hand is not forgotten", () => {
    const core = new Core({ limits: limitsOf({ maxIdleFunctions: 0 }) });
    core.foreground({ function: "job" });
    core.worker("worker");
    core.server.createFunction("made");
    core.server.cantDo(core.worker("idle"), "idle");
    expect(known(core)).toEqual(["job", "worker", "made"]);
  });

  it("a function that became idle and then was given limits is not forgotten", () => {
    const core = new Core({ limits: limitsOf({ maxIdleFunctions: 1 }) });
    core.server.leave(core.worker("limited"));
    core.server.setMaxQueue("limited", [5]);
    for (const name of ["a", "b"]) core.server.leave(core.worker(name));
    expect(known(core)).toEqual(["limited", "b"]);
  });

  it("a function whose limits were taken away before it had any stays idle", () => {
    const core = new Core({ limits: limitsOf({ maxIdleFunctions: 1 }) });
    core.server.leave(core.worker("a"));
    core.server.setMaxQueue("a", [0]);
    core.server.leave(core.worker("b"));
    expect(known(core)).toEqual(["b"]);
  });

  it("too many functions: CAN_DO, a submit and create function are refused", () => {
    const core = new Core({ limits: limitsOf({ maxFunctions: 1 }) });
    const worker = core.worker("a");
    expect(core.server.canDo(worker, "b", 0)).toBeUndefined();
    expect(core.submit({ function: "b" })).toBe("too many functions");
    expect(core.server.createFunction("b")).toBe(false);
    expect([core.server.createFunction("a"), core.counted()]).toEqual([true, { refused: 1 }]);
  });
});
