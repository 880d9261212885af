import * as administration from "./administration.ts";
import type { CoreCounters } from "./counters.ts";
import type { FunctionQueue } from "./function-queue.ts";
import type { CommitFailure, Job, JobRecord } from "./job.ts";
import { leave } from "./leaving.ts";
import { Outcome } from "./outcome.ts";
import { Peer } from "./peer.ts";
import { restore } from "./restore.ts";
import { type Finish, type Finished, finish, jobOf, progress } from "./results.ts";
import { type CoreOptions, State } from "./state.ts";
import { commitFailed, commitSucceeded, type Submitted, submit } from "./submit.ts";
import { tick, untilTick } from "./time.ts";
import type { ByteString, GrabKind, JobSpec } from "./types.ts";
import { canDo, cantDo, type Grabbed, grab, preSleep, resetAbilities } from "./workers.ts";

/**
 * The job server, pure: every method takes what a peer asked for, changes the state, and returns what is to be sent. It knows neither
 * sockets nor packets, starts no timers and never waits. It is the only writer of its state.
 */
export class JobServer {
  readonly #state: State;

  constructor(options: CoreOptions) {
    this.#state = new State(options);
  }

  /** A new connection. */
  connect(exceptions: boolean): Peer {
    const peer = new Peer(++this.#state.lastPeerId, exceptions);
    this.#state.peers.add(peer);
    return peer;
  }

  /** The connection is gone: its jobs go back to the queue, and nobody waits there any more. */
  leave(peer: Peer): Outcome {
    return leave(this.#state, peer);
  }

  /** PROTOCOL: SUBMIT_JOB and its variants */
  submit(spec: JobSpec, peer: Peer): Submitted {
    return submit(this.#state, spec, peer);
  }

  /** A job that the store has from before this start. To be called in the order jobs are to run. */
  restore(record: JobRecord): void {
    restore(this.#state, record);
  }

  /** The store has committed a job that it was asked to keep. */
  commitSucceeded(job: Job): Outcome {
    return commitSucceeded(this.#state, job);
  }

  /** The store could not keep a job that it was asked to keep. */
  commitFailed(job: Job, failure: CommitFailure): Outcome {
    return commitFailed(this.#state, job, failure);
  }

  /**
   * PROTOCOL: CAN_DO, CAN_DO_TIMEOUT
   *
   * @param timeout milliseconds a job may run, raised to 1000; 0 or less: for ever
   * @returns undefined: there are too many functions
   */
  canDo(peer: Peer, name: ByteString, timeout: number): Outcome | undefined {
    return canDo(this.#state, peer, name, timeout);
  }

  /** PROTOCOL: CANT_DO */
  cantDo(peer: Peer, name: ByteString): Outcome {
    return cantDo(this.#state, peer, name);
  }

  /** PROTOCOL: RESET_ABILITIES */
  resetAbilities(peer: Peer): Outcome {
    return resetAbilities(this.#state, peer);
  }

  /**
   * PROTOCOL: GRAB_JOB, GRAB_JOB_UNIQ, GRAB_JOB_ALL
   *
   * @param busy the grab directly follows the end of a job on this connection: only then may it be held
   */
  grab(peer: Peer, kind: GrabKind, busy: boolean): Grabbed {
    return grab(this.#state, peer, kind, busy);
  }

  /** Ends a held grab, because its connection sent something else; whether there was one: send NO_JOB. */
  releaseGrab(peer: Peer): boolean {
    return this.#state.heldGrabs.giveUp(peer);
  }

  /** PROTOCOL: PRE_SLEEP. True: a job is there, send NOOP. */
  preSleep(peer: Peer): boolean {
    return preSleep(this.#state, peer);
  }

  /** The job of that handle, if this worker runs it. PROTOCOL: WORK_DATA, WORK_WARNING */
  jobOf(peer: Peer, handle: string): Job | undefined {
    return jobOf(this.#state, peer, handle);
  }

  /** PROTOCOL: WORK_STATUS */
  progress(peer: Peer, handle: string, numerator: ByteString, denominator: ByteString): Job | undefined {
    return progress(this.#state, peer, handle, numerator, denominator);
  }

  /** PROTOCOL: WORK_COMPLETE, WORK_FAIL, WORK_EXCEPTION */
  finish(peer: Peer, handle: string, how: Finish): Finished {
    return finish(this.#state, peer, handle, how);
  }

  /** PROTOCOL: GET_STATUS */
  jobByHandle(handle: string): Job | undefined {
    return this.#state.jobs.byHandle(handle);
  }

  /** The newest job with that unique, over all functions. PROTOCOL: GET_STATUS_UNIQUE */
  jobByUnique(unique: ByteString): Job | undefined {
    return this.#state.jobs.newestByUnique(unique);
  }

  /** Text command: cancel job. Undefined: there is no such job. */
  cancel(handle: string): Outcome | undefined {
    return administration.cancel(this.#state, handle);
  }

  /** Text command: create function. False: there are too many functions. */
  createFunction(name: ByteString): boolean {
    return administration.createFunction(this.#state, name);
  }

  /** Text command: drop function. */
  dropFunction(name: ByteString): { dropped: number; busy: number; outcome: Outcome } {
    return administration.dropFunction(this.#state, name);
  }

  /** Text command: maxqueue. One limit for all priorities or one for each; 0 or less: no limit. */
  setMaxQueue(name: ByteString, limits: readonly number[]): void {
    administration.setMaxQueue(this.#state, name, limits);
  }

  /** Does what is due. */
  tick(): Outcome {
    return tick(this.#state);
  }

  /** Milliseconds until tick has something to do; Infinity: nothing. */
  untilTick(): number {
    return untilTick(this.#state);
  }

  /** From now on no job is accepted and none handed out; held grabs are given up. */
  drain(): Outcome {
    const outcome = new Outcome();
    this.#state.draining = true;
    this.#state.heldGrabs.clear(outcome);
    return outcome;
  }

  functions(): IterableIterator<FunctionQueue> {
    return this.#state.functions.values();
  }

  jobs(): IterableIterator<Job> {
    return this.#state.jobs.values();
  }

  peers(): IterableIterator<Peer> {
    return this.#state.peers.values();
  }

  get counters(): Readonly<CoreCounters> {
    return this.#state.counters;
  }

  /** How much it holds now. */
  get gauges(): CoreGauges {
    const { jobs, background, ready, running, functions, peers, heldGrabs, epochs, full } = this.#state;
    return {
      jobs: jobs.size,
      jobBytes: jobs.bytes,
      background,
      runnable: ready.jobs,
      running,
      delayed: epochs.size,
      functions: functions.size,
      connections: peers.size,
      heldGrabs: heldGrabs.size,
      full,
    };
  }
}

/** A snapshot of what a job server holds. */
export interface CoreGauges {
  readonly jobs: number;
  readonly jobBytes: number;
  /** Jobs that were acknowledged as background jobs: a store keeps them. */
  readonly background: number;
  readonly runnable: number;
  readonly running: number;
  readonly delayed: number;
  readonly functions: number;
  readonly connections: number;
  readonly heldGrabs: number;
  /** New jobs are refused until the queue is down to 80% of its bounds. */
  readonly full: boolean;
}
