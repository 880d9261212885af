import fc from "fast-check";
import { expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Job } from "../../src/core/job.ts";
import { Peer } from "../../src/core/peer.ts";
import { Sleepers } from "../../src/core/sleepers.ts";
import { aSpec } from "../support/core-harness.ts";

/** A function with one job, that may be withheld from somebody. */
function functionWith(name: string): { readonly fn: FunctionQueue; readonly job: Job } {
  const fn = new FunctionQueue(name);
  const job = new Job(name, fn, aSpec(), undefined);
  fn.append(job);
  return { fn, job };
}

const operation = fc.record({
  what: fc.constantFrom("sleep", "sleep", "rise", "learn", "unlearn", "withhold", "look", "look", "look"),
  peer: fc.nat(29),
  fn: fc.nat(2),
});

it("are found as if all were looked at, the longest asleep first", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300, size: "max" }), (operations) => {
      const sleepers = new Sleepers();
      const peers = Array.from({ length: 30 }, (_, id) => new Peer(id, false));
      const functions = ["a", "b", "c"].map(functionWith);
      let inOrder: Peer[] = [];
      const learn = (peer: Peer, fn: FunctionQueue): void => {
        peer.addAbility(fn, 0);
        fn.workers.add(peer);
        sleepers.learn(peer, fn);
      };
      const rise = (peer: Peer): void => {
        sleepers.remove(peer);
        inOrder = inOrder.filter((other) => other !== peer);
      };
      // The first function is of all, the others of few.
      for (const { fn } of functions.slice(0, 1)) for (const peer of peers) learn(peer, fn);
      const act = (what: string, peer: Peer, fn: FunctionQueue, job: Job): void => {
        if (what === "learn") learn(peer, fn);
        if (what === "unlearn" && peer.removeAbility(fn)) fn.workers.delete(peer);
        if (what === "withhold") job.shunned = peer;
        if (what === "rise" || what === "sleep") rise(peer);
        if (what === "sleep") inOrder.push(peer);
        if (what === "sleep") sleepers.add(peer);
        const able = inOrder.filter((one) => fn.workers.has(one) && (job.shunned !== one || fn.workers.size === 1));
        if (what === "look") expect([sleepers.next(fn), sleepers.size]).toEqual([able[0], inOrder.length]);
      };
      for (const { what, peer: nth, fn: of } of operations)
        for (const peer of peers.slice(nth, nth + 1))
          for (const { fn, job } of functions.slice(of, of + 1)) act(what, peer, fn, job);
    }),
    { numRuns: 200 },
  );
});
