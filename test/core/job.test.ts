import { describe, expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Job } from "../../src/core/job.ts";
import { Peer } from "../../src/core/peer.ts";
import { aSpec } from "../support/core-harness.ts";

const queue = new FunctionQueue("f", "H:host:");
const aJob = (): Job => new Job(7, queue, aSpec({}), undefined);

describe("a job", () => {
  it("has the handle that its number stands for, or the one that another server gave it", () => {
    expect([aJob().handle, new Job("other:7", queue, aSpec({}), undefined).handle]).toEqual(["H:host:7", "other:7"]);
  });

  const peer = new Peer(1, false);
  const other = aJob();
  const rare = {
    retries: [0, 2],
    shunned: [undefined, peer],
    cancelled: [false, true],
    numerator: ["0", "5"],
    denominator: ["0", "9"],
    older: [undefined, other],
    newer: [undefined, other],
    heapIndex: [-1, 3],
    dueAt: [0, 1000],
    setAs: [0, 1],
  } as const;

  it.each(Object.entries(rare))("keeps its %s apart from that of all others", (name, [usual, own]) => {
    const [job, another] = [aJob(), new Job(8, queue, aSpec({ epoch: 5 }), undefined)];
    expect(Reflect.get(job, name)).toBe(usual);
    Reflect.set(job, name, usual);
    Reflect.set(job, name, own);
    Reflect.set(job, name, own);
    expect([Reflect.get(job, name), Reflect.get(another, name)]).toEqual([own, usual]);
    Reflect.set(job, name, usual);
    expect(Reflect.get(job, name)).toBe(usual);
  });

  it("keeps a reducer and an epoch, if it has one", () => {
    const job = new Job(8, queue, aSpec({ reducer: "sum", epoch: 5 }), undefined);
    expect([job.reducer, job.epoch, aJob().reducer, aJob().epoch]).toEqual(["sum", 5, "", 0]);
  });
});
