import { describe, expect, it } from "vitest";
import { FunctionQueue } from "../../src/core/function-queue.ts";
import { Peer } from "../../src/core/peer.ts";

const abilities = (peer: Peer): string[] => [...peer.abilities].map((a) => `${a.function.name} ${a.timeout}`);

describe("Peer", () => {
  const [a, b, c] = [new FunctionQueue("a"), new FunctionQueue("b"), new FunctionQueue("c")];

  it("offers the function it registered last first", () => {
    const peer = new Peer(1, false);
    for (const fn of [a, b, c]) peer.addAbility(fn, 0);
    expect(abilities(peer)).toEqual(["c 0", "b 0", "a 0"]);
  });

  it("a function registered again comes first again, with its new timeout", () => {
    const peer = new Peer(1, false);
    for (const fn of [a, b]) peer.addAbility(fn, 0);
    peer.addAbility(a, 5);
    expect([abilities(peer), peer.abilityOf(a)?.timeout]).toEqual([["a 5", "b 0"], 5]);
  });

  it("forgets an ability", () => {
    const peer = new Peer(1, false);
    for (const fn of [a, b]) peer.addAbility(fn, 0);
    expect([peer.removeAbility(a), peer.removeAbility(a), peer.abilityOf(a)]).toEqual([true, false, undefined]);
    expect(abilities(peer)).toEqual(["b 0"]);
  });

  it("is known as `-` until it says its id", () => {
    const peer = new Peer(7, true);
    expect([peer.id, peer.clientId, peer.exceptions]).toEqual([7, "-", true]);
  });
});
