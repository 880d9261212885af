/** That a flood of jobs is refused before V8's heap is full, and that the server goes on: it answers, hands out, and takes jobs again. */
import { Peer } from "../../test/support/peer.ts";
import type { Measurement } from "../measurements.ts";
import { Rows } from "../rows.ts";
import { Running } from "../speed/contenders.ts";
import type { Ground } from "./ground.ts";
import { own, withHeap } from "./servers.ts";

/** For so many V8's default heap is filled; for a shorter queue this one, MiB, which takes seconds. */
const [JOBS, SMALL_HEAP] = [10_000_000, 256];
/** The most that a job takes of the heap: a longer workload is kept outside. */
const FLOOD = "-u -s 128 -c 8 -d 64 -n 1000000000";
/** Of the jobs, until the server is open again: it is at 80%. */
const DRAINED = 0.21;

export const refusal: Measurement<Ground> = async (ground) => {
  const contender = ground.jobs < JOBS ? withHeap(SMALL_HEAP) : own;
  const rows = new Rows();
  await using server = await Running.start(contender);
  await flood(ground, server);
  const queued = await queue(server);
  const add = (measure: string, value: number, unit: string): void => rows.add(measure, contender.name, value, unit);
  add("queued when jobs are refused", queued, "jobs");
  add("memory when jobs are refused", server.resident / 1024 ** 2, "MiB");
  const { tools } = ground;
  const echoes = await tools.load("echo", server.port, "-c 1 -r 1000 -t 3");
  add("echo when jobs are refused, p99", echoes.p99 / 1000, "ms");
  const drain = await tools.load("drain", server.port, `-s 128 -w 8 -g 64 -n ${Math.ceil(queued * DRAINED)}`);
  add("drain when jobs are refused", drain.perSecond, "jobs/s");
  const run = await tools.load("run", server.port, "-f other -c 16 -w 16 -d 16 -n 100000");
  add("foreground when jobs are taken again", run.perSecond, "jobs/s");
  return rows.all();
};

/** Until it is refused. */
const flood = ({ tools }: Ground, { port }: Running): Promise<void> =>
  tools.load("submit", port, FLOOD).then(
    () => Promise.reject(new Error("no job was refused")),
    (error: Error) => {
      if (!error.message.includes("QUEUE_ERROR")) throw error;
    },
  );

async function queue({ port }: Running): Promise<number> {
  await using peer = await Peer.connect(port);
  return Number(/^bench\t(\d+)/m.exec(await peer.text("status"))?.[1]);
}
