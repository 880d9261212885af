/**
 * What the programs of all peers have in common: `node PEER.mjs client|worker SERVER FUNCTION CONCURRENCY SECONDS`. A client does jobs for so long,
 * so many at once, and says how many they were and its CPU time in microseconds; a worker serves until it is told to stop, and says its CPU time.
 */
const SIZE = 100;
const WARM_UP = 0.5;

export async function play({ client, worker }) {
  const [role, server, name, concurrency, seconds] = process.argv.slice(2);
  if (role === "worker") return serve(() => worker(server, name, Number(concurrency)));
  const { run, close } = await client(server);
  await during(0, run, name, 1); // gearmanode loses jobs that are submitted before it is connected
  await during(WARM_UP, run, name, Number(concurrency));
  const cpu = process.cpuUsage();
  const began = performance.now();
  const jobs = await during(Number(seconds), run, name, Number(concurrency));
  process.send({ jobs, milliseconds: performance.now() - began, cpu: microseconds(cpu) });
  await close();
  process.exit();
}

async function during(seconds, run, name, concurrency) {
  const end = performance.now() + seconds * 1000;
  let jobs = 0;
  const one = async () => {
    do {
      const workload = String(jobs).padStart(SIZE, "x");
      const result = String(await run(name, workload));
      if (result !== [...workload].reverse().join("")) throw new Error(`wrong result: ${result}`);
      jobs += 1;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  return jobs;
}

async function serve(start) {
  await start();
  const cpu = process.cpuUsage();
  process.send("ready");
  process.once("message", () => process.send({ cpu: microseconds(cpu) }, () => process.exit()));
}

function microseconds(since) {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
