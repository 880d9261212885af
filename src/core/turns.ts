/**
 * Whose turn it is among the functions of a worker: by priority over all of them, then the one that was served least recently, by whichever
 * worker. Were turns each worker's own, workers would come to serve the same function at the same time, and all others would wait.
 *
 * Mostly a worker can do the function that is first of all. Else it goes by those of its own, which may be very many, so that it does not
 * look at all of them for each grab: it keeps those that had a job for it, by rank.
 * Invariant: once a worker has caught up, each of its functions that has a job for it is kept, ranked no later than is right. That
 * one has become worse shows when it is first; that one has become better is news (`Ready`), or comes with a CAN_DO.
 */
import type { Ability, Peer } from "./peer.ts";
import { type Ready, rankOf } from "./ready.ts";

/** The ability whose function the worker is to be given a job of; undefined: there is none for it. */
export function firstInTurn(ready: Ready, peer: Peer): Ability | undefined {
  const { first } = ready;
  if (first === undefined) return undefined;
  const able = peer.abilityOf(first);
  if (able !== undefined && first.jobFor(peer)?.priority === first.highest) return able;
  catchUp(ready, peer);
  for (let ability = peer.inTurn.first; ability !== undefined; ability = peer.inTurn.first)
    if (rank(peer, ability)) return ability;
  return undefined;
}

/** Ranks the ability by the job that its function has for the worker now. Whether it is the first. */
export function rank(peer: Peer, ability: Ability): boolean {
  const { function: fn } = ability;
  const job = fn.news === 0 ? undefined : fn.jobFor(peer);
  if (job === undefined) peer.inTurn.remove(ability);
  else peer.inTurn.set(ability, rankOf(fn, job.priority));
  return peer.inTurn.first === ability;
}

/** Looks at the functions with news, or at all that it has if those are fewer. */
function catchUp(ready: Ready, peer: Peer): void {
  const news = ready.since(peer.newsRead);
  if (news > peer.abilities.size) readAbilities(peer);
  else if (news > 0) readNews(ready, peer);
  peer.newsRead = ready.latest;
}

function readAbilities(peer: Peer): void {
  for (let ability = peer.abilities.first; ability !== undefined; ability = ability.next)
    if (ability.function.news > peer.newsRead) rank(peer, ability);
}

function readNews(ready: Ready, peer: Peer): void {
  for (let fn = ready.last; fn !== undefined && fn.news > peer.newsRead; fn = fn.previous) {
    const ability = peer.abilityOf(fn);
    if (ability !== undefined) rank(peer, ability);
  }
}
