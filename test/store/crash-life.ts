import { setImmediate as turn } from "node:timers/promises";
import type { JobRecord } from "../../src/core/job.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import type { Random } from "../model/random.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { inlineThread } from "../support/inline-thread.ts";
import { encode, Wire } from "../support/wire.ts";
import type { CrashLedger, Ending, Submit } from "./crash-ledger.ts";

/** A client, or a worker, and what it has yet to be answered. */
interface Party {
  readonly wire: Wire;
  readonly submits: Submit[];
  /** What it runs. */
  readonly running: Set<string>;
  /** Grabs that are not answered. */
  grabs: number;
  /** It goes as soon as it knows what it runs. */
  leaving: boolean;
  /** Ends of jobs that it has told, and since then no barrier was answered. */
  ends: Ending[];
  readonly barriers: Ending[][];
}

/** Remembers what it handed over. */
class WatchedStore extends DurableStore {
  readonly restored: JobRecord[] = [];

  override recover(restore: (jobs: readonly JobRecord[]) => void): Promise<readonly string[]> {
    return super.recover((jobs) => {
      this.restored.push(...jobs.map((job) => ({ ...job })));
      restore(jobs);
    });
  }
}

/** One life of a server on a data directory, among clients and workers that a seed decides over. */
export class CrashLife {
  readonly #random: Random;
  readonly #ledger: CrashLedger;
  readonly #store: WatchedStore;
  readonly #server: Server;
  #parties: Party[] = [];
  #leavers: Party[] = [];

  constructor(path: string, jobRetries: number, random: Random, ledger: CrashLedger) {
    this.#random = random;
    this.#ledger = ledger;
    this.#store = new WatchedStore({ kind: "directory", path }, "off", inlineThread);
    const options = { ...DEFAULT_OPTIONS, listen: [], jobHandlePrefix: "H", drainTimeout: 0, jobRetries };
    this.#server = new Server(options, this.#store);
  }

  /** Until some moment between commits; the files are then to be looked at before anything else happens. */
  async run(nextWorkload: () => string): Promise<void> {
    await this.#server.start();
    this.#ledger.restored(this.#store.restored);
    for (let n = 0; n < 3; n++) this.#join();
    for (let steps = this.#random.below(60); steps > 0; steps--) {
      this.#step(nextWorkload);
      for (let turns = this.#random.below(5); turns > 0; turns--) await turn();
      this.#listen();
    }
  }

  /** Nobody listens any more. */
  async end(): Promise<void> {
    for (const { wire } of [...this.#parties, ...this.#leavers]) wire.destroy();
    await this.#server.stop();
  }

  #join(): Party {
    const wire = new Wire(new ConnectionStream(this.#server.connect()));
    wire.send(encode("OPTION_REQ", ["barrier"]) + encode("CAN_DO", ["f"]) + encode("CAN_DO", ["g"]));
    const party: Party = { wire, submits: [], running: new Set(), grabs: 0, leaving: false, ends: [], barriers: [] };
    this.#parties.push(party);
    return party;
  }

  #step(nextWorkload: () => string): void {
    const [first = this.#join(), ...others] = this.#parties;
    const party = this.#random.pick([first, ...others]);
    const what = this.#random.below(20);
    if (what < 8) this.#submit(party, nextWorkload());
    else if (what < 12) this.#grab(party);
    else if (what < 15) this.#finish(party);
    else if (what < 17) this.#barrier(party);
    else if (what < 18) this.#leave(party);
    else if (what < 19) this.#cancel(party);
  }

  #submit({ wire, submits }: Party, workload: string): void {
    const { random } = { random: this.#random };
    const epoch = random.chance(0.1) ? random.pick([1, 2 ** 40]) : 0;
    const background = epoch > 0 || random.chance(0.7);
    const submit = {
      function: random.pick(["f", "g"]),
      unique: random.pick(["", "", "u", "v"]),
      background,
      epoch,
      workload,
    };
    this.#ledger.submitted(submit);
    submits.push(submit);
    const names = [submit.function, submit.unique];
    if (epoch > 0) wire.send(encode("SUBMIT_JOB_EPOCH", [...names, String(epoch), workload]));
    else wire.send(encode(background ? "SUBMIT_JOB_BG" : "SUBMIT_JOB", [...names, workload]));
  }

  #finish({ wire, running, ends }: Party): void {
    const [handle] = running;
    if (handle === undefined) return;
    running.delete(handle);
    ends.push(this.#ledger.ended(handle));
    wire.send(this.#random.chance(0.8) ? encode("WORK_COMPLETE", [handle, "done"]) : encode("WORK_FAIL", [handle]));
  }

  #barrier(party: Party): void {
    party.barriers.push(party.ends);
    party.ends = [];
    party.wire.send(encode("ECHO_REQ", ["barrier"]));
  }

  #grab(party: Party): void {
    party.grabs++;
    party.wire.send(encode("GRAB_JOB_UNIQ", []));
  }

  #leave(party: Party): void {
    this.#parties = this.#parties.filter((other) => other !== party);
    party.leaving = true;
    this.#leavers.push(party);
    this.#join();
  }

  #die(party: Party): void {
    this.#leavers = this.#leavers.filter((other) => other !== party);
    // Ends that the server had not read yet are lost with the connection.
    const unread = [...party.ends, ...party.barriers.flat()].filter(({ stored }) => !stored);
    for (const handle of [...party.running, ...unread.map((ending) => ending.handle)]) this.#ledger.died(handle);
    party.wire.destroy();
  }

  /** On a connection that has a job: so it is known which job is cancelled, and that it is there. */
  #cancel({ wire, running, ends }: Party): void {
    const [handle] = running;
    if (handle === undefined) return;
    running.delete(handle);
    ends.push(this.#ledger.ended(handle));
    wire.send(`cancel job ${handle}\n`);
  }

  #listen(): void {
    for (const party of [...this.#parties, ...this.#leavers]) {
      for (const event of party.wire.events.splice(0)) {
        if (event.kind === "packet") this.#hear(party, event.name, event.args);
      }
      if (party.leaving && party.grabs === 0) this.#die(party);
    }
  }

  #hear(party: Party, name: string, [handle = "", , , workload = ""]: readonly string[]): void {
    const { submits, running, barriers } = party;
    if (name === "JOB_ASSIGN_UNIQ" || name === "NO_JOB") party.grabs--;
    if (name === "JOB_CREATED") {
      const submit = submits.shift();
      if (submit !== undefined) this.#ledger.created(handle, submit);
    } else if (name === "ERROR") submits.shift();
    else if (name === "JOB_ASSIGN_UNIQ") {
      this.#ledger.runs(handle, workload);
      running.add(handle);
    } else if (name === "ECHO_RES") for (const ending of barriers.shift() ?? []) ending.stored = true;
  }
}
