import { setTimeout } from "node:timers/promises";
import { Child } from "../support/child.ts";
import type { Folder } from "../support/folder.ts";
import { Peer } from "../support/peer.ts";
import type { Scene } from "./crowd.ts";
import { keepsHandles, type Running, type Subject, start, startInVain, storesEmpty } from "./daemon.ts";
import type { Verdict } from "./verdict.ts";

/** Who is there while a daemon lives. */
export type Cast = Omit<Scene, "port">;

/** How long a queue may stay as it is before it is taken for stuck, milliseconds. */
const PATIENCE = 60_000;
/** Milliseconds between two looks at it. */
const PAUSE = 50;

/** One daemon after the other, a crowd, and a ledger that neither can touch up. Use with `await using`. */
export class Stage {
  readonly #subject: Subject;
  readonly #folder: Folder;
  #ledger: Child | undefined;
  #crowd: Child | undefined;
  #daemon: Running | undefined;

  private constructor(subject: Subject, folder: Folder) {
    this.#subject = subject;
    this.#folder = folder;
  }

  static async open(subject: Subject, folder: Folder, seed: number): Promise<Stage> {
    const stage = new Stage(subject, folder);
    const socket = folder.file("ledger.sock");
    const file = folder.file("ledger.jsonl");
    stage.#ledger = await Child.start(script("ledger.ts"), socket, file, `${keepsHandles(subject)}`);
    stage.#crowd = await Child.start(script("crowd.ts"), socket, `${seed}`, `${storesEmpty(subject)}`);
    return stage;
  }

  /** Lets a daemon live, with that cast, until `enough` settles; then it is killed. */
  async live<T>(cast: Cast, enough: (port: number) => Promise<T>): Promise<T> {
    const daemon = await start(this.#subject, this.#folder.path);
    this.#daemon = daemon;
    await this.#crowd?.ask({ port: daemon.port, ...cast });
    const result = await Promise.race([enough(daemon.port), daemon.failed]);
    await daemon.kill();
    return result;
  }

  /** Kills a daemon of ours while it starts. */
  async startInVain(milliseconds: number): Promise<void> {
    if (this.#subject.server === "gearmand-ts") await startInVain(this.#subject, this.#folder.path, milliseconds);
  }

  /** Lets a daemon live, with one worker, so that the order can be seen, until it says that it has no job left. What is not done then is lost. */
  async drain(): Promise<void> {
    await this.live({ submitters: 0, workers: 1 }, empty);
    await this.#crowd?.ask("drained");
  }

  /** What the ledger says so far. */
  async verdict(): Promise<Verdict> {
    return (await this.#ledger?.ask("judge")) as Verdict;
  }

  /** What it says in the end. */
  async finish(): Promise<Verdict> {
    await this.#crowd?.stop();
    return (await this.#ledger?.stop()) as Verdict;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#crowd?.kill(), this.#ledger?.kill(), this.#daemon?.kill()]);
  }
}

/** Settles when a daemon says that it has no job left. The judge does not ask it. */
async function empty(port: number): Promise<void> {
  await using peer = await Peer.connect(port);
  let last = { status: "", since: 0 };
  for (;;) {
    const status = await peer.text("status");
    if (/^(\S+\t0\t.*\n)*\.\n$/.test(status)) return;
    if (status !== last.status) last = { status, since: Date.now() };
    if (Date.now() - last.since > PATIENCE) throw new Error(`the queue was stuck for ${PATIENCE} ms: ${status}`);
    await setTimeout(PAUSE);
  }
}

function script(name: string): URL {
  return new URL(name, import.meta.url);
}
