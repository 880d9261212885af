import { connect } from "node:net";
import { afterAll, beforeAll, describe } from "vitest";
import { startDaemon } from "./daemon.ts";
import { referenceInstalled, startReference } from "./reference.ts";

/** A job server that real clients are run against. */
export interface Server {
  readonly name: "gearmand" | "gearmand-ts";
  readonly host: string;
  readonly port: number;
  /** What the environment of its clients must say, when they are to use TLS. */
  readonly env?: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

interface Target {
  readonly name: Server["name"];
  readonly installed: boolean;
  start(flags: readonly string[]): Promise<{ port: number; stop(): Promise<void> }>;
}

const startOurs: Target["start"] = async (flags) => {
  const daemon = await startDaemon(flags);
  return { port: daemon.port, stop: () => daemon[Symbol.asyncDispose]().then() };
};

const targets: readonly Target[] = [
  { name: "gearmand-ts", installed: true, start: startOurs },
  { name: "gearmand", installed: referenceInstalled, start: startReference },
];

export const OURS = ["gearmand-ts"] as const;
export const BOTH = ["gearmand-ts", "gearmand"] as const;
const { INTEROP_REFERENCE } = process.env;
/** For clients that start slowly: the reference proves their tests only when INTEROP_REFERENCE is set. */
export const OURS_FIRST: readonly Server["name"][] = INTEROP_REFERENCE === undefined ? OURS : BOTH;

/** The same tests on our server and on the reference (or on those of `names`), all of them at once; `flags` are those of all. */
export function onEachServer(
  flags: readonly string[],
  tests: (server: () => Server) => void,
  names: readonly Server["name"][] = BOTH,
): void {
  for (const target of targets.filter(({ name }) => names.includes(name))) {
    describe.skipIf(!target.installed).concurrent(`on ${target.name}`, () => {
      let starting: ReturnType<Target["start"]> | undefined;
      let server: Server | undefined;
      beforeAll(async () => {
        starting = target.start(flags);
        server = { name: target.name, host: "127.0.0.1", ...(await starting) };
      });
      afterAll(async () => (await starting)?.stop()); // also one that started too late for the hook
      tests(() => {
        if (server === undefined) throw new Error(`${target.name} did not start`);
        return server;
      });
    });
  }
}

/** The lines that answer a text command: what comes before the answer to `version`, which is sent behind it. */
export async function ask(server: Server, command: string): Promise<string[]> {
  const socket = connect(server.port, server.host).setEncoding("latin1");
  socket.write(`${command}\nversion\n`);
  let answer = "";
  for await (const chunk of socket) {
    answer += chunk;
    if (/^OK \S+\r?\n$/m.test(answer)) break;
  }
  return answer.split(/\r?\n/).slice(0, -2);
}

/** A row of a text table that is told apart by its first column. */
export async function row(server: Server, command: string, name: string): Promise<string | undefined> {
  return (await ask(server, command)).find((line) => line.startsWith(`${name}\t`));
}
