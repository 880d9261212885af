/** Who is compared: gearmand-ts with a data directory and in memory, and gearmand with the queues that it has. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startDaemon } from "../../test/support/daemon.ts";
import type { Folder } from "../../test/support/folder.ts";
import { Peer } from "../../test/support/peer.ts";
import { freePort, startReference } from "../../test/support/reference.ts";

export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Of the server, and of the database that it needs. */
  readonly pids: readonly number[];
  /** With SIGKILL: what it has stored stays. */
  kill(): Promise<void>;
}

export interface Contender {
  readonly name: string;
  /** Jobs that it does in about two seconds. */
  readonly jobs: number;
  /** Starts it on what it has stored. */
  start(): Promise<Server>;
}

/** @param database the database that is not the server's own */
const reference = async (queue: readonly string[], database: readonly number[] = []): Promise<Server> => {
  const { port, stop } = await startReference(["--threads=4", "-q", ...queue]);
  await using peer = await Peer.connect(port);
  const pid = Number((await peer.text("getpid")).split(" ")[1]);
  return { port, pids: [pid, ...database], kill: stop, [Symbol.asyncDispose]: stop };
};

const daemon = async (flags: readonly string[]): Promise<Server> => {
  const { port, pid, [Symbol.asyncDispose]: kill } = await startDaemon(flags);
  return { port, pids: [pid], kill, [Symbol.asyncDispose]: kill };
};

/** Where the data directory is. */
export const dataDirectory = (folder: Folder): string => folder.file("data");

export const durable = (folder: Folder): Contender => ({
  name: "gearmand-ts full",
  jobs: 200_000,
  start: () => daemon(["--data-dir", dataDirectory(folder)]),
});

export const memory: Contender = { name: "gearmand-ts memory", jobs: 200_000, start: () => daemon([]) };

export const sqlite = (folder: Folder): Contender => ({
  name: "gearmand sqlite",
  jobs: 1000,
  start: () => reference(["libsqlite3", "--libsqlite3-db", folder.file("gearmand.sqlite")]),
});

/** @param redis what it stores in */
export const redis = ({ port, pid }: Redis): Contender => ({
  name: "gearmand redis",
  jobs: 60_000,
  start: () => reference(["redis", "--redis-server", "127.0.0.1", "--redis-port", String(port)], [pid]),
});

export interface Redis extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** As it is without a configuration: snapshots now and then, no append-only file, so a crash loses what came after the last one. */
export async function startRedis(folder: Folder): Promise<Redis> {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", join(folder.path)]);
  for await (const line of child.stdout) if (String(line).includes("Ready to accept")) break;
  const end = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { port, pid: child.pid ?? 0, [Symbol.asyncDispose]: end };
}

/** Several at once. */
export class Servers extends Map<Contender, Server> implements AsyncDisposable {
  static async start(contenders: readonly Contender[]): Promise<Servers> {
    const servers = new Servers();
    for (const contender of contenders) servers.set(contender, await contender.start());
    return servers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.values()) await server.kill();
  }
}
