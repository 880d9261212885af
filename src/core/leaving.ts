/** A connection is gone. */
import { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { abandonIfUnwanted, detach, requeue } from "./queueing.ts";
import type { State } from "./state.ts";
import { forgo } from "./workers.ts";

export function leave(state: State, peer: Peer): Outcome {
  const outcome = new Outcome();
  state.peers.delete(peer);
  for (const { item: client } of peer.awaited) {
    detach(state, client);
    abandonIfUnwanted(state, client.job, outcome);
  }
  leaveWork(state, peer, outcome);
  return outcome;
}

/** What it ran goes back to the queue, last grabbed first, as in gearmand; what it was woken for is for another. */
function leaveWork(state: State, peer: Peer, outcome: Outcome): void {
  state.heldGrabs.giveUp(peer);
  state.waker.rise(peer);
  for (const job of [...peer.running].reverse()) requeue(state, job, outcome);
  for (const ability of peer.abilities) forgo(state, peer, ability.function, undefined, outcome);
}
