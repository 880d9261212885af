/**
 * How long a job is held up when its server dies: `npx tsx bench/failover-times.ts [--rounds 20]`. Two servers, a worker at both, a client that
 * prefers the first. A job runs there when it is killed (its connection is reset) or stopped (it falls silent); the time until a worker has
 * the job again, from the other server, is printed in milliseconds.
 */
import { once } from "node:events";
import { Client } from "../src/client/index.ts";
import { deferred } from "../src/lib/waiting.ts";
import { Worker } from "../src/worker/index.ts";
import { type Daemon, startDaemon } from "../test/support/daemon.ts";
import * as flags from "./flags.ts";
import { options } from "./options.ts";
import { prepare } from "./prepare.ts";

const values = options("npx tsx bench/failover-times.ts", { rounds: flags.rounds(20) });
prepare([]);
const SILENCE_ROUNDS = 5;

const ends: Readonly<Record<string, (server: Daemon) => void>> = {
  "killed (reset)": (server) => server.signal("SIGKILL"),
  "stopped (silence)": (server) => server.signal("SIGSTOP"),
};

async function round(end: (server: Daemon) => void): Promise<number> {
  await using first = await startDaemon();
  await using second = await startDaemon();
  const servers = [first, second].map(({ port }) => `127.0.0.1:${port}`);
  await using worker = new Worker({ servers, concurrency: 2 });
  await using client = new Client({ servers, choose: "in-order" });
  const { promise: released, resolve: release } = deferred<void>();
  const runs = new EventTarget();
  worker.register("wait", () => {
    runs.dispatchEvent(new Event("run"));
    return released;
  });
  await worker.ready();
  let run = once(runs, "run");
  const job = await client.submit("wait", "");
  await run;
  run = once(runs, "run");
  const struck = performance.now();
  end(first);
  await run;
  const took = performance.now() - struck;
  release();
  await job.result;
  if (first.process.exitCode === null) first.signal("SIGCONT");
  return took;
}

for (const [name, end] of Object.entries(ends)) {
  const times: number[] = [];
  const rounds = name.includes("silence") ? SILENCE_ROUNDS : values.rounds;
  for (let nth = 0; nth < rounds; nth++) times.push(await round(end));
  times.sort((a, b) => a - b);
  const [least, median, most] = [times[0], times[Math.floor(times.length / 2)], times.at(-1)].map((ms) =>
    Math.round(ms ?? 0),
  );
  console.log(`${name}: ${rounds} rounds, least ${least} ms, median ${median} ms, most ${most} ms`);
}
