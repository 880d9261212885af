import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { Server } from "../../src/server/server.ts";
import { DurableStore } from "../../src/store/durable-store.ts";
import { type Connect, drain } from "../faults/drain.ts";
import { type Judgement, judge } from "../faults/judge.ts";
import type { Ledger } from "../faults/ledger.ts";
import { toVictim } from "../faults/life.ts";
import { FUNCTIONS } from "../faults/script.ts";
import { Talk } from "../faults/talk.ts";
import { Victim } from "../faults/victim.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import { inlineThread } from "../support/inline-thread.ts";

/** What is started on an image: the daemon itself, or a server in this process, which is faster. */
export type Starter = (dir: string) => Promise<AsyncDisposable & { readonly connect: Connect }>;

export const daemon: Starter = async (dir) => {
  const victim = new Victim({ dir });
  const end = async (): Promise<void> => {
    const { code, signal } = await victim.stop();
    if (code !== 0) throw new Error(`the daemon ended with ${code ?? signal}: ${victim.output}`);
  };
  return { connect: toVictim(victim), [Symbol.asyncDispose]: end };
};

export const inProcess: Starter = async (dir) => {
  const store = new DurableStore({ kind: "directory", path: dir }, "full", inlineThread);
  const server = new Server({ ...DEFAULT_OPTIONS, listen: [], drainTimeout: 0 }, store);
  await server.start();
  const connect: Connect = async (ledger, name) => new Talk(new ConnectionStream(server.connect()), ledger, name);
  return { connect, [Symbol.asyncDispose]: () => server.stop() };
};

/** Starts on a data directory, takes all jobs that are there, and judges by what was known when the power was lost. */
export async function recover(start: Starter, dir: string, ledger: Ledger): Promise<Judgement> {
  try {
    await using server = await start(dir);
    return judge(ledger, await drain(server.connect, FUNCTIONS));
  } catch (error) {
    return { violations: [`it did not start, or not stop: ${error}`], repeats: 0, unanswered: 0 };
  }
}
