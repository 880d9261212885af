import { describe, expect, it } from "vitest";
import type { Job } from "../../src/core/job.ts";
import { Priority } from "../../src/core/types.ts";
import { bytes, Core } from "../support/core-harness.ts";

const clients = (job: Job): number[] => [...job.clients].map(({ peer }) => peer.id);

describe("a new job", () => {
  it("in the foreground is created at once", () => {
    const core = new Core();
    expect([core.submit({}), core.submit({})]).toEqual([{ created: "1" }, { created: "2" }]);
    expect(core.counted()).toEqual({ submitted: 2 });
  });

  it("in the background waits for the store, which is asked to keep it", () => {
    const core = new Core();
    expect(core.submit({ background: true })).toEqual({ waiting: "1", store: true });
    expect(core.counted()).toEqual({ submitted: 1, submittedBackground: 1 });
  });

  it("keeps what it was submitted with", () => {
    const core = new Core();
    const fields = {
      function: "f",
      unique: "u",
      reducer: "r",
      priority: Priority.high,
      workload: bytes("w"),
      epoch: 1,
    };
    expect(core.foreground(fields)).toMatchObject({
      ...fields,
      handle: "1",
      retries: 0,
      state: "queued",
      stored: "no",
    });
    expect([core.server.jobByHandle("1")?.unique, core.server.jobByHandle("2")]).toEqual(["u", undefined]);
  });

  it("is found by its unique over all functions, the newest first", () => {
    const core = new Core();
    const client = core.peer();
    const older = core.foreground({ function: "f", unique: "u" });
    const newer = core.foreground({ function: "g", unique: "u" }, client);
    expect(core.server.jobByUnique("u")).toBe(newer);
    core.server.leave(client);
    expect([core.server.jobByUnique("u"), core.server.jobByUnique("v")]).toEqual([older, undefined]);
  });
});

describe("coalescing", () => {
  it("joins jobs of one function with one unique: the first workload and priority stay", () => {
    const core = new Core();
    const job = core.foreground({ unique: "u", workload: bytes("first"), priority: Priority.low });
    expect(core.submit({ unique: "u", workload: bytes("second"), priority: Priority.high })).toEqual({ created: "1" });
    expect([clients(job), job.workload, job.priority]).toEqual([[1, 2], bytes("first"), Priority.low]);
    expect(core.counted()).toEqual({ submitted: 1, coalesced: 1 });
  });

  it("does not join jobs of different functions", () => {
    const core = new Core();
    core.foreground({ unique: "u" });
    expect(core.submit({ function: "g", unique: "u" })).toEqual({ created: "2" });
  });

  it("joins a running job, and no longer one that is done", () => {
    const core = new Core();
    const worker = core.worker("f");
    core.foreground({ unique: "u" });
    core.grab(worker);
    expect(core.submit({ unique: "u" })).toEqual({ created: "1" });
    expect(core.finish(worker, "1")).toEqual({ clients: [2, 3] });
    expect(core.submit({ unique: "u" })).toEqual({ created: "2" });
  });

  it("tells a client twice that joins its own job", () => {
    const core = new Core();
    const [worker, client] = [core.worker("f"), core.peer()];
    for (let n = 0; n < 2; n++) core.foreground({ unique: "u" }, client);
    core.grab(worker);
    expect(core.finish(worker, "1")).toEqual({ clients: [client.id, client.id] });
  });

  it("by workload: `-`", () => {
    const core = new Core();
    const submit = (load: string, name = "f") => core.submit({ function: name, unique: "-", workload: bytes(load) });
    expect([submit("a"), submit("b"), submit("a"), submit("a", "g")]).toEqual(
      ["1", "2", "1", "3"].map((created) => ({ created })),
    );
  });

  it("`-` without workload is no unique, and no digest is a unique", () => {
    const core = new Core({ digest: () => "same" });
    const empty = { unique: "-", workload: bytes("") };
    expect([core.submit(empty), core.submit(empty)]).toEqual([{ created: "1" }, { created: "2" }]);
    core.foreground({ unique: "-" });
    expect(core.submit({ unique: "same" })).toEqual({ created: "4" });
  });

  it("`-` and a job with a long text of that name do not meet", () => {
    const core = new Core();
    core.foreground({ unique: "-", workload: bytes("x") });
    expect(core.submit({ unique: "--" })).toEqual({ created: "2" });
  });

  it("reduce jobs join as others do", () => {
    const core = new Core();
    const job = core.foreground({ unique: "u", reducer: "r" });
    expect(core.submit({ unique: "u", reducer: "s" })).toEqual({ created: "1" });
    expect([job.reducer, clients(job)]).toEqual(["r", [1, 2]]);
  });

  it("joins a job that waits for its epoch", () => {
    const core = new Core();
    const job = core.background({ unique: "u", epoch: core.clock.wall() / 1000 + 60 });
    expect([core.submit({ unique: "u" }), job.state]).toEqual([{ created: "1" }, "delayed"]);
  });
});
