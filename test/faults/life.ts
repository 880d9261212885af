import { join } from "node:path";
import { silentLogger } from "../../src/lib/log.ts";
import { builtProgram } from "../support/built.ts";
import { ConnectionStream } from "../support/connection-stream.ts";
import type { Connect } from "./drain.ts";
import { Gone, Talk } from "./talk.ts";
import type { Victim } from "./victim.ts";

/** How to speak with the daemon; rejects with Gone if it is not there. */
export const toVictim =
  (victim: Victim): Connect =>
  async (ledger, name) => {
    const port = await victim.port;
    if (port === undefined) throw new Gone(victim.output);
    return Talk.connect(port, ledger, name);
  };

/** As it is installed: its storage thread is a script, which a test runner would have to translate. */
const product = async () => {
  const index = join(builtProgram(), "../../dist/index.js");
  return (await import(/* @vite-ignore */ index)) as typeof import("../../src/index.ts");
};

/**
 * A server in this process on a data directory: starts faster than a daemon.
 *
 * @param lines what it says is added to them
 */
export async function startHere(dataDir: string, lines: string[] = []) {
  const { createServer } = await product();
  const tell = (fields: object, text: string): void => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const logger = { ...silentLogger, fatal: tell, error: tell, warn: tell, info: tell };
  const server = createServer({ dataDir, listen: [], drainTimeout: 0, logger });
  server.closed.catch((error: Error) => tell({}, error.message));
  await server.start();
  const connect: Connect = async (ledger, name) => new Talk(new ConnectionStream(server.connect()), ledger, name);
  return { connect, [Symbol.asyncDispose]: () => server.stop() };
}
