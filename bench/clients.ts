/**
 * Clients and workers beside their peers: `npx tsx bench/clients.ts [--rounds 5] [--server gearmand]`. Each does the same work, to reverse 100
 * bytes, with its own client and worker, at the same server, in turns; jobs per second, and CPU time of client and worker per job.
 */
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { startDaemon } from "../test/support/daemon.ts";
import { REFERENCE, startReference } from "../test/support/reference.ts";
import { count, oneOf, rounds } from "./flags.ts";
import { options } from "./options.ts";
import { prepare } from "./prepare.ts";
import { Rows, table } from "./rows.ts";

const values = options("npx tsx bench/clients.ts", {
  rounds: rounds(),
  server: oneOf("server", ["gearmand-ts", "gearmand"], "at which they work"),
  seconds: count("seconds", 3, "of a round"),
});
prepare(["gearman", ...(values.server === "gearmand" ? ([REFERENCE] as const) : [])]);

/** Those that are given no more than one job at once: the tool of libgearman, which does line after line, with our worker. */
const TOOL = "gearman (C)";
const LINES = 3000;
const PEERS = ["gearmand-ts", "gearmanode", "abraxas"] as const;
/** Jobs at once of the client, and of the worker, as far as it can. */
const LOADS = [1, 100] as const;
const FUNCTION = "reverse";
/** Of a workload, bytes. */
const SIZE = 100;

interface Figures {
  readonly perSecond: number;
  readonly clientCpu: number;
  readonly workerCpu: number;
}

const start = (peer: string, ...args: string[]): ChildProcess =>
  fork(new URL(`peers/${peer}.mjs`, import.meta.url).pathname, args, { execArgv: [] });

async function measure(peer: string, port: number, load: number): Promise<Figures> {
  const server = `127.0.0.1:${port}`;
  const worker = start(peer, "worker", server, FUNCTION, String(load));
  await once(worker, "message");
  const [client] = await once(start(peer, "client", server, FUNCTION, String(load), String(values.seconds)), "message");
  const cpu = await stop(worker);
  const { jobs, milliseconds } = client;
  return { perSecond: jobs / (milliseconds / 1000), clientCpu: client.cpu / jobs, workerCpu: cpu / jobs };
}

/** C's own tool; its time and its CPU time are bash's to say, in seconds. */
async function measureTool(port: number): Promise<Figures> {
  const worker = start("gearmand-ts", "worker", `127.0.0.1:${port}`, FUNCTION, "1");
  await once(worker, "message");
  const line = "x".repeat(SIZE - 1);
  const command = `yes ${line} | head -${LINES} | (TIMEFORMAT='%R %U %S'; time gearman -p ${port} -n -f ${FUNCTION} > /dev/null)`;
  const { stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(" ").map(Number);
  const workerCpu = (await stop(worker)) / LINES;
  return { perSecond: LINES / seconds, clientCpu: ((user + system) * 1e6) / LINES, workerCpu };
}

async function stop(worker: ChildProcess): Promise<number> {
  worker.send("stop");
  const [{ cpu }] = await once(worker, "message");
  await once(worker, "exit");
  return cpu;
}

async function onServer(use: (port: number) => Promise<Figures>): Promise<Figures> {
  const server = values.server === "gearmand" ? await startReference() : await startDaemon();
  try {
    return await use(server.port);
  } finally {
    await server.stop();
  }
}

for (const load of LOADS) {
  const peers = [...PEERS, ...(load === 1 ? [TOOL] : [])];
  const rows = new Rows();
  for (let round = 0; round < values.rounds; round++)
    for (const peer of peers) {
      const figures = await onServer((port) => (peer === TOOL ? measureTool(port) : measure(peer, port, load)));
      rows.add(`${load} at once`, peer, figures.perSecond, "jobs/s");
      rows.add(`${load} at once: CPU of the client`, peer, figures.clientCpu, "us a job");
      rows.add(`${load} at once: CPU of the worker`, peer, figures.workerCpu, "us a job");
    }
  console.log(`${table(rows.all())}\n`);
}
