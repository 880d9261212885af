import { describe, expect, it } from "vitest";
import type { Peer } from "../../src/core/peer.ts";
import { Priority } from "../../src/core/types.ts";
import { Core } from "../support/core-harness.ts";

const PRIORITY_OF: Record<string, Priority> = { h: Priority.high, n: Priority.normal, l: Priority.low };

/** Tells jobs by names of their own. */
class NamedCore extends Core {
  readonly names: string[] = [];

  override grab(...args: Parameters<Core["grab"]>): string {
    const handle = super.grab(...args);
    return this.names[Number(handle) - 1] ?? handle;
  }
}

/** Submits jobs named like `Ah` or `Bn1`: function, priority, number. */
function coreWith(...names: string[]): Core {
  const core = new NamedCore();
  for (const name of names) core.foreground({ function: name.slice(0, 1), priority: PRIORITY_OF[name.charAt(1)] ?? 1 });
  core.names.push(...names);
  return core;
}

function grabAll(core: Core, worker: Peer): string {
  const grabbed = [];
  for (let handle = core.grab(worker); handle !== "none"; handle = core.grab(worker)) grabbed.push(handle);
  return grabbed.join(" ");
}

describe("the order of grabs", () => {
  it("is by arrival within a function and priority", () => {
    const core = coreWith("An0", "An1", "An2");
    expect(grabAll(core, core.worker("A"))).toBe("An0 An1 An2");
  });

  it("is HIGH, NORMAL, LOW", () => {
    const core = coreWith("Al", "An", "Ah");
    expect(grabAll(core, core.worker("A"))).toBe("Ah An Al");
  });

  it("is by priority over all functions, which take turns, the newest first (as gearmand 2.0)", () => {
    const core = coreWith("An0", "An1", "Al0", "Al1", "Ah", "Bn0", "Bn1", "Cn0", "Cn1", "Cl0", "Cl1", "Ch");
    const order = grabAll(core, core.worker("A", "B", "C"));
    expect(order).toBe("Ch Ah Bn0 Cn0 An0 Bn1 Cn1 An1 Cl0 Al0 Cl1 Al1");
  });

  it("takes turns over all workers, so that none has to wait because all of them serve the same", () => {
    const core = coreWith("An0", "An1", "Bn0", "Bn1");
    const [one, two] = [core.worker("A", "B"), core.worker("A", "B")];
    expect([core.grab(one), core.grab(two), core.grab(one), core.grab(two)]).toEqual(["Bn0", "An0", "Bn1", "An1"]);
  });

  it("takes turns also where each worker runs one job and is gone", () => {
    const core = coreWith("An0", "An1", "Bn0", "Bn1");
    expect([1, 2, 3, 4].map(() => core.grab(core.worker("A", "B")))).toEqual(["Bn0", "An0", "Bn1", "An1"]);
  });

  it("a function that had no jobs for long comes before those that are always served", () => {
    const core = coreWith("Bn0", "An0", "An1", "Cn0", "Cn1");
    const worker = core.worker("C", "A", "B");
    expect([core.grab(worker), core.grab(worker)]).toEqual(["Bn0", "An0"]);
    core.foreground({ function: "B" });
    expect([1, 2, 3].map(() => core.grab(worker))).toEqual(["Cn0", "6", "An1"]);
  });

  it("a worker that cannot do the function whose turn it is has one of its own", () => {
    const core = coreWith("An0", "Bn0", "Cn0");
    core.worker("C");
    expect(grabAll(core, core.worker("A", "B"))).toBe("Bn0 An0");
  });

  it("a worker has only jobs of its functions", () => {
    const core = coreWith("An", "Bn");
    expect([grabAll(core, core.worker("B", "C")), core.grab(core.peer())]).toEqual(["Bn", "none"]);
  });

  it("a requeued job goes to the tail of its priority", () => {
    const core = coreWith("An0", "An1", "Ah");
    const lost = core.worker("A");
    for (const handle of ["Ah", "An0"]) expect(core.grab(lost)).toBe(handle);
    core.server.leave(lost);
    expect(grabAll(core, core.worker("A"))).toBe("Ah An1 An0");
  });

  it("a worker's jobs are requeued last grabbed first", () => {
    const core = coreWith("An0", "An1", "An2");
    const lost = core.worker("A");
    for (let n = 0; n < 2; n++) core.grab(lost);
    core.server.leave(lost);
    expect(grabAll(core, core.worker("A"))).toBe("An2 An1 An0");
  });
});
