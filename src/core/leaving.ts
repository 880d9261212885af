/** A connection is gone. */
import type { Job } from "./job.ts";
import { Outcome } from "./outcome.ts";
import type { Peer } from "./peer.ts";
import { abandonIfUnwanted, requeue } from "./queueing.ts";
import type { State } from "./state.ts";
import { forgo } from "./workers.ts";

export function leave(state: State, peer: Peer): Outcome {
  const outcome = new Outcome();
  state.peers.delete(peer);
  for (const job of peer.awaited) detach(state, job, peer, outcome);
  leaveWork(state, peer, outcome);
  return outcome;
}

/** A foreground job lives as long as a client waits for it; a background job has no need of any. */
function detach(state: State, job: Job, peer: Peer, outcome: Outcome): void {
  job.clients = job.clients.filter((client) => client !== peer);
  peer.awaited.delete(job);
  abandonIfUnwanted(state, job, outcome);
}

/** What it ran goes back to the queue, last grabbed first, as in gearmand; what it was woken for is for another. */
function leaveWork(state: State, peer: Peer, outcome: Outcome): void {
  state.heldGrabs.giveUp(peer);
  state.waker.rise(peer);
  for (const job of [...peer.running].reverse()) requeue(state, job, outcome);
  for (const ability of peer.abilities) forgo(state, peer, ability.function, outcome);
}
