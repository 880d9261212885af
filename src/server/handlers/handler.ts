import type { Job, Ticket } from "../../core/job.ts";
import type { JobServer } from "../../core/job-server.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Peer } from "../../core/peer.ts";
import type { Packet } from "../../protocol/encode.ts";
import type { ErrorName } from "../../protocol/errors.ts";
import type { Request } from "../request.ts";

/** What a handler sees of the connection that asked. */
export interface Caller {
  readonly peer: Peer;
  readonly hub: Switchboard;
  /** The packet ended a job: a grab that follows may be held. */
  endedJob: boolean;
  /** ECHO_RES waits until all is stored that was asked before it. */
  barrier: boolean;
  /** Answers with a packet. */
  send(packet: Packet): void;
  /** Answers with a packet when all is stored that the server was asked before, in its place. */
  sendOnceStored(packet: Packet): void;
  /** Answers with ERROR. */
  fail(name: ErrorName): void;
  /** Answers a submit once its commit is settled. */
  answer(ticket: Ticket): void;
}

/** What a handler sees of the server. */
export interface Switchboard {
  readonly core: JobServer;
  /** Sends a packet to a connection that the core named. */
  send(peer: Peer, packet: Packet): void;
  /** Sends what an operation did to others than its caller, and tells the store. */
  deliver(outcome: Outcome): void;
  /** Asks the store to keep a job. */
  store(job: Job): void;
  /** Tells the store that it need not keep a job any more. */
  unstore(job: Job): void;
}

/** Serves one kind of packet: asks the core, sends what it says. Holds no rules of its own. */
export type Handler = (caller: Caller, request: Request) => void;
