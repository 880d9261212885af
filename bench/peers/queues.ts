/** Job queues for programs in Node: each a server, and a script that plays its client and its worker. */
import { execFileSync } from "node:child_process";
import type { Folder } from "../../test/support/folder.ts";
import { type Contender, ours } from "../speed/contenders.ts";
import { OWN } from "./turns.ts";

export interface Queue extends Contender {
  readonly script: `queue-${string}.mjs`;
  /** Whether a client can wait for the result of a job that is kept like the others. */
  readonly results: boolean;
}

interface Source {
  /** Of Debian, with a program of the same name. */
  readonly needs?: string;
  /** @param folder where it stores what it stores */
  queue(folder: Folder): Queue;
}

/** Of npm, for the scripts. */
const PACKAGES = { bullmq: "6.7.0", ioredis: "6.0.0", jackd: "2.2.2" } as const;

/** @param folder where they go, with what they need */
export function installPackages(folder: Folder): void {
  const names = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder.path];
  execFileSync("npm", ["install", ...flags, ...names], { stdio: "ignore" });
}

const version = (program: string): string =>
  /\d+(\.\d+)+/.exec(execFileSync(program, ["-v"], { encoding: "utf8" }))?.[0] ?? "";

const inMemory = ours(`${OWN}, in memory`, process.execPath);
/** Clients and workers are all in Node. */
const { warmUp } = inMemory;

export const SOURCES: readonly Source[] = [
  { queue: () => ({ ...inMemory, script: "queue-gearmand-ts.mjs", results: true }) },
  {
    queue: (folder) => ({
      name: `${OWN} --data-dir, synced`,
      warmUp,
      command: (port) => [...inMemory.command(port), "--data-dir", folder.file(`data-${port}`)],
      script: "queue-gearmand-ts.mjs",
      results: false, // foreground jobs are in memory
    }),
  },
  {
    needs: "redis-server",
    queue: (folder) => ({
      name: `BullMQ ${PACKAGES.bullmq}, Redis ${version("redis-server")} not synced`,
      warmUp,
      command: (port) => ["redis-server", "--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder.path],
      script: "queue-bullmq.mjs",
      results: true,
    }),
  },
  {
    needs: "beanstalkd",
    queue: () => ({
      name: `beanstalkd ${version("beanstalkd")} with jackd ${PACKAGES.jackd}, in memory`,
      warmUp,
      command: (port) => ["beanstalkd", "-l", "127.0.0.1", "-p", `${port}`],
      script: "queue-beanstalkd.mjs",
      results: false,
    }),
  },
];
