import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Job } from "../../src/core/job.ts";
import type { Peer } from "../../src/core/peer.ts";
import type { Priority } from "../../src/core/types.ts";
import { Core } from "../support/core-harness.ts";

/** More than a worker looks at before it goes by what it has kept. */
const FUNCTIONS = Array.from({ length: 40 }, (_, nth) => `f${nth}`);

/** Function and priority of the job that a grab is to find, by the plainest reading: all jobs, by priority and then by when their functions were served last. */
function expected(core: Core, worker: Peer): string {
  const found = [...core.server.jobs()]
    .filter(({ state, queue }) => state === "queued" && queue.workers.has(worker))
    .filter(({ queue, shunned }) => shunned !== worker || queue.workers.size === 1)
    .sort((a, b) => a.priority - b.priority || a.queue.turn - b.queue.turn);
  return described(found[0]);
}

const described = (job: Job | undefined): string => (job === undefined ? "none" : `${job.function} ${job.priority}`);

const name = fc.constantFrom(...FUNCTIONS);
const which = fc.nat(2);
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant("submit" as const), name, priority: fc.constantFrom<Priority>(0, 1, 2) }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant("grab" as const), which }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("can", "cannot"), which, name }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("late", "lost", "time out"), which }) },
);

/** A worker, and all that it was given, in that order. */
type Hand = { peer: Peer; readonly grabbed: string[] };

function hire(core: Core): Hand {
  const peer = core.peer();
  for (const fn of FUNCTIONS) core.server.canDo(peer, fn, 1000);
  return { peer, grabbed: [] };
}

function grab(core: Core, hand: Hand): void {
  const found = expected(core, hand.peer);
  const there = core.server.preSleep(hand.peer);
  const handle = core.grab(hand.peer);
  expect([described(core.server.jobByHandle(handle)), there]).toEqual([found, found !== "none"]);
  hand.grabbed.push(handle);
}

function act(core: Core, hand: Hand, step: { readonly what: string; readonly name?: string }): void {
  const { peer, grabbed } = hand;
  if (step.what === "grab") grab(core, hand);
  if (step.what === "can") core.server.canDo(peer, step.name ?? "", 1000);
  if (step.what === "cannot") core.server.cantDo(peer, step.name ?? "");
  if (step.what === "late") core.finish(peer, grabbed.shift() ?? "");
  if (step.what === "time out") core.pass(1000);
  if (step.what !== "lost") return;
  core.server.leave(peer);
  Object.assign(hand, hire(core));
}

describe("the turns of a worker with many functions", () => {
  it("are as if it looked at all of them for each grab", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 300, size: "max" }), (steps) => {
        const core = new Core();
        const hands = [hire(core), hire(core), hire(core)];
        for (const step of steps) {
          if (step.what === "submit") core.background({ function: step.name, priority: step.priority });
          else for (const hand of hands.slice(step.which, step.which + 1)) act(core, hand, step);
        }
        for (const hand of hands) while (expected(core, hand.peer) !== "none") grab(core, hand);
      }),
      { numRuns: 100 },
    );
  });
});

it("a job that was withheld is found when its function has no other worker any more", () => {
  const core = new Core();
  const [worker, other] = [hire(core).peer, hire(core).peer];
  const { handle } = core.background({ function: "f0" });
  core.grab(worker);
  core.pass(1000);
  expect(core.grab(worker)).toBe("none");
  core.server.cantDo(other, "f0");
  expect(core.grab(worker)).toBe(handle);
});
