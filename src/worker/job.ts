import type { Codec } from "../link/codec.ts";
import { GearmanError } from "../link/errors.ts";
import { fromWire } from "../link/wire-text.ts";
import type { WorkerJob } from "./handler.ts";
import type { Reply } from "./reply.ts";

/** What JOB_ASSIGN, JOB_ASSIGN_UNIQ or JOB_ASSIGN_ALL says, as the wire has it. */
export interface Assignment {
  readonly handle: string;
  readonly name: string;
  readonly unique: string;
  readonly reducer: string;
  readonly bytes: Buffer;
}

/** @param args as the packet has them: each kind says more than the one before */
export function assignmentOf(args: readonly string[], bytes: Buffer): Assignment {
  const [handle = "", name = "", unique = "", reducer = ""] = args;
  return { handle, name, unique, reducer, bytes };
}

/** One run of a job, as its handler sees it. */
export class RunningJob implements WorkerJob {
  readonly function: string;
  readonly handle: string;
  readonly unique: string;
  readonly server: string;
  readonly reducer: string | undefined;
  readonly bytes: Buffer;
  readonly #codec: Codec;
  readonly #reply: Reply;
  readonly #signal: () => AbortSignal;
  #read: { readonly workload: unknown } | undefined;

  constructor(assignment: Assignment, server: string, codec: Codec, reply: Reply, signal: () => AbortSignal) {
    this.function = fromWire(assignment.name);
    this.handle = fromWire(assignment.handle);
    this.unique = fromWire(assignment.unique);
    this.server = server;
    this.reducer = assignment.reducer === "" ? undefined : fromWire(assignment.reducer);
    this.bytes = assignment.bytes;
    this.#codec = codec;
    this.#reply = reply;
    this.#signal = signal;
  }

  /** Read when it is asked for: a handler that wants the bytes does not fail because they are no JSON. */
  get workload(): unknown {
    this.#read ??= { workload: this.#codec.decode(this.bytes) };
    return this.#read.workload;
  }

  get signal(): AbortSignal {
    return this.#signal();
  }

  text(): string {
    return this.bytes.toString("utf8");
  }

  json(): unknown {
    return JSON.parse(this.text());
  }

  sendData(data: unknown): Promise<void> {
    return this.#reply.send("WORK_DATA", [], () => this.#codec.encode(data));
  }

  sendWarning(data: Uint8Array | string): Promise<void> {
    return this.#reply.send("WORK_WARNING", [], () => (typeof data === "string" ? Buffer.from(data, "utf8") : data));
  }

  sendStatus(numerator: number, denominator: number): Promise<void> {
    const numbers = [numerator, denominator];
    return this.#reply.send("WORK_STATUS", numbers.map(String), () => {
      if (numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return undefined;
      throw new GearmanError("ARGUMENT", `a status of ${numerator} of ${denominator}: give whole numbers from 0 on`);
    });
  }
}
