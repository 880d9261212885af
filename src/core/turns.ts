/**
 * Whose turn it is among the functions of a worker: by priority over all of them, then the one that was served least recently.
 *
 * A worker may have very many functions, so it does not look at all of them for each grab: it keeps those that had a job for it, by rank.
 * Invariant: once a worker has caught up, each of its functions that has a job for it is kept, ranked no later than is right. That
 * one has become worse shows when it is first; that one has become better is news (`Ready`), or comes with a CAN_DO.
 */
import type { Ability, Peer } from "./peer.ts";
import type { Ready } from "./ready.ts";

/** More than there are turns: priority comes first. Three times this is still an exact number. */
const TURNS = 2 ** 51;
/** So many are looked at before more is done to find the first. */
const FEW = 16;

/** The ability whose function the worker is to be given a job of; undefined: there is none for it. */
export function firstInTurn(ready: Ready, peer: Peer): Ability | undefined {
  if (ready.jobs === 0) return undefined;
  const among = amongNext(ready, peer);
  if (among !== undefined) return among;
  catchUp(ready, peer);
  for (let ability = peer.inTurn.first; ability !== undefined; ability = peer.inTurn.first)
    if (rank(peer, ability)) return ability;
  return undefined;
}

/** The first, if it is among those few whose turn is next: with a job of the highest priority that there is, no other comes before. */
function amongNext(ready: Ready, peer: Peer): Ability | undefined {
  const { highest } = ready;
  let ability = peer.abilities.first;
  for (let left = FEW; left > 0 && ability !== undefined; left--) {
    const { function: fn } = ability;
    if (fn.news > 0 && fn.jobFor(peer)?.priority === highest) return ability;
    ability = ability.next;
  }
  return undefined;
}

/** Ranks the ability by the job that its function has for the worker now. Whether it is the first. */
export function rank(peer: Peer, ability: Ability): boolean {
  const { function: fn } = ability;
  const job = fn.news === 0 ? undefined : fn.jobFor(peer);
  if (job === undefined) peer.inTurn.remove(ability);
  else peer.inTurn.set(ability, job.priority * TURNS + ability.turn);
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
