import type { Logger } from "../lib/log.ts";
import type { Codec } from "../link/codec.ts";
import type { GearmanError } from "../link/errors.ts";
import type { OpenOptions } from "../link/open-link.ts";
import type { Outcome, WorkerJob } from "./handler.ts";
import type { Slots } from "./slots.ts";

/** What a worker tells, per connection: one for each server, and more for functions with a `concurrency` of their own. */
export interface WorkerEvents {
  /** A connection stands, and the functions were announced. */
  connected: [server: string];
  /** A connection is lost, or could not be made; said once until it stands again. It is tried for ever. */
  disconnected: [server: string, why: GearmanError];
  /** A job came; its handler is called next. */
  job: [job: WorkerJob];
  /** Its handler has ended. */
  done: [job: WorkerJob, outcome: Outcome];
  /** The worker has closed, whoever asked it to. */
  closed: [];
}

export type Tell = <Name extends keyof WorkerEvents>(name: Name, ...args: WorkerEvents[Name]) => void;

/** What all parts of one worker share. */
export interface Context {
  readonly open: OpenOptions;
  readonly codec: Codec;
  readonly log: Logger;
  readonly tell: Tell;
  /** What `maxJobs` leaves. */
  readonly budget: Slots;
  /** A job was taken. */
  started(): void;
  /** Places, or servers, have changed: there may be something to grab, and something that somebody waits for. */
  changed(): void;
}
