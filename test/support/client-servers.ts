import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe } from "vitest";
import { Client } from "../../src/client/client.ts";
import type { ClientBytesFunctions, ClientOptions } from "../../src/client/options.ts";
import type { ServerAddress } from "../../src/link/address.ts";
import { DEFAULT_OPTIONS } from "../../src/server/options.ts";
import { createServer } from "../../src/server/server.ts";
import { WireWorker } from "./client-worker.ts";
import { ConnectionStream } from "./connection-stream.ts";
import { startDaemon } from "./daemon.ts";
import { referenceInstalled, startReference } from "./reference.ts";

type Kind = "memory" | "gearmand-ts" | "gearmand";

/** A running job server, as the tests of the library see it. */
export interface TestServer {
  readonly address: ServerAddress;
  /** A connection without the library. */
  open(): Promise<Duplex>;
  stop(): Promise<unknown>;
}

async function tcp(port: number): Promise<Duplex> {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  await once(socket, "connect");
  return socket;
}

const STARTS: Readonly<Record<Kind, () => Promise<TestServer>>> = {
  memory: async () => {
    const server = createServer({ ...DEFAULT_OPTIONS, listen: [], drainTimeout: 0 });
    await server.start();
    const open = async () => new ConnectionStream(server.connect());
    return { address: server, open, stop: () => server.stop() };
  },
  "gearmand-ts": async () => {
    const daemon = await startDaemon();
    const { port } = daemon;
    const stop = () => daemon[Symbol.asyncDispose]();
    return { address: `127.0.0.1:${port}`, open: () => tcp(port), stop };
  },
  gearmand: async () => {
    const { port, stop } = await startReference();
    return { address: `127.0.0.1:${port}`, open: () => tcp(port), stop };
  },
};

/** What a test does with its server. */
export interface Bench {
  readonly address: ServerAddress;
  client(options?: Omit<ClientOptions<ClientBytesFunctions>, "servers">): Client;
  worker(): Promise<WireWorker>;
  /** A connection without the library. */
  open(): Promise<Duplex>;
}

const ALL: readonly Kind[] = ["memory", "gearmand-ts", "gearmand"];

/** The same tests on our server in memory, on our daemon and on C gearmand, one server of each for all of them. */
export function onServers(tests: (bench: () => Bench, kind: Kind) => void, kinds: readonly Kind[] = ALL): void {
  for (const kind of kinds) {
    describe.skipIf(kind === "gearmand" && !referenceInstalled)(`with ${kind}`, () => {
      let server: TestServer | undefined;
      beforeAll(async () => {
        server = await STARTS[kind]();
      });
      afterAll(() => server?.stop());
      tests(() => {
        if (server === undefined) throw new Error(`${kind} did not start`);
        return benchOf(server);
      }, kind);
    });
  }
}

function benchOf({ address, open }: TestServer): Bench {
  return {
    address,
    client: (options = {}) => new Client({ servers: address, ...options }),
    worker: async () => new WireWorker(await open()),
    open,
  };
}

let names = 0;

/** A function that no other test of the server uses. */
export const fresh = (what: string): string => `${what}-${++names}`;
