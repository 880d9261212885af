import type { FunctionQueue } from "./function-queue.ts";
import type { Client, Job } from "./job.ts";
import { type Entry, type Linked, List } from "./list.ts";
import { Schedule, type Scheduled } from "./schedule.ts";
import type { ByteString } from "./types.ts";

/** A function that a worker offers, and for how long it may run there. */
export class Ability implements Linked<Ability>, Scheduled {
  readonly function: FunctionQueue;
  /** Milliseconds a job may run; 0: for ever. PROTOCOL: CAN_DO_TIMEOUT */
  timeout: number;

  previous: Ability | undefined;
  next: Ability | undefined;
  heapIndex = -1;
  dueAt = 0;
  setAs = 0;

  constructor(fn: FunctionQueue, timeout: number) {
    this.function = fn;
    this.timeout = timeout;
  }
}

/**
 * A connection as the core knows it: worker, client or both.
 *
 * As a worker it is in one of these states:
 *
 *     awake   --PRE_SLEEP, nothing to take--> asleep     asleep --woken for a job--> woken
 *     woken   --GRAB_JOB--> awake                        woken  --PRE_SLEEP, nothing to take--> asleep
 *     awake   --GRAB_JOB, nothing to take--> holding     holding --job, deadline, any packet--> awake
 */
export class Peer {
  readonly id: number;
  /** SET_CLIENT_ID; `-` until then, as the text protocol prints it. */
  clientId: ByteString = "-";
  /** Whether WORK_EXCEPTION is sent on, or turned into WORK_FAIL. PROTOCOL: OPTION_REQ */
  exceptions: boolean;

  /** Its functions, the newest first. */
  readonly abilities: List<Ability> = new List();
  readonly #abilityOf: Map<FunctionQueue, Ability> = new Map();
  /** Those whose functions had a job for it when it last looked, by rank: see {@link firstInTurn}. */
  readonly inTurn: Schedule<Ability> = new Schedule();
  /** It has seen the news of functions up to this number. */
  newsRead = 0;
  /** Jobs it runs, in the order it grabbed them. */
  readonly running: List<Job> = new List();
  /** As a client of jobs: those whose results it waits for. */
  readonly awaited: List<Entry<Client>> = new List();

  /** The number of its nap while it sleeps and was not woken; 0: it does not. Only {@link Sleepers} writes it. */
  asleepAs = 0;
  /** The function it was woken for, from the NOOP until its next GRAB_JOB or PRE_SLEEP. */
  wokenFor: FunctionQueue | undefined;
  wokenAt = 0;
  /** Until when its grab is held back for a job to come, monotonic milliseconds; 0: it is not. */
  holdUntil = 0;
  /** Holds in a row that brought no job. */
  fruitlessHolds = 0;

  constructor(id: number, exceptions: boolean) {
    this.id = id;
    this.exceptions = exceptions;
  }

  abilityOf(fn: FunctionQueue): Ability | undefined {
    return this.#abilityOf.get(fn);
  }

  /** Adds the ability in front, or moves it there with its new timeout. */
  addAbility(fn: FunctionQueue, timeout: number): Ability {
    const known = this.#abilityOf.get(fn);
    if (known !== undefined) this.abilities.remove(known);
    const ability = known ?? new Ability(fn, timeout);
    ability.timeout = timeout;
    this.#abilityOf.set(fn, ability);
    this.abilities.prepend(ability);
    return ability;
  }

  /** Whether it had the ability. */
  removeAbility(fn: FunctionQueue): boolean {
    const ability = this.#abilityOf.get(fn);
    if (ability === undefined) return false;
    this.#abilityOf.delete(fn);
    this.abilities.remove(ability);
    this.inTurn.remove(ability);
    return true;
  }
}
