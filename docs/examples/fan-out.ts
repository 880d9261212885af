/**
 * One question, many jobs at once, and a line that says how far they are: how many primes are there below a number?
 *
 *     npx tsx fan-out.ts worker             # one for each core, say
 *     npx tsx fan-out.ts client 5000000
 */
import { Client, type Job, Worker } from "gearmand-ts";

interface Functions {
  primes: { workload: { from: number; to: number }; result: number };
}

const servers = (process.env["GEARMAN_SERVERS"] || "localhost").split(",");
const JOBS = 32;
const STEPS = 10;

async function work(): Promise<void> {
  const worker = new Worker<Functions>({ servers, codec: "json" });
  worker.register("primes", async (job) => {
    const { from, to } = job.workload;
    let found = 0;
    for (let step = 0; step < STEPS; step++) {
      job.signal.throwIfAborted(); // nobody wants it any more
      found += primes(...part(from, to, step, STEPS));
      await job.sendStatus(step + 1, STEPS);
    }
    return found;
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void worker.close());
  await worker.ready();
  console.log("ready");
}

/** The range of one of several parts of a range. */
function part(from: number, to: number, index: number, count: number): [from: number, to: number] {
  const edge = (place: number): number => from + Math.floor(((to - from) * place) / count);
  return [edge(index), edge(index + 1)];
}

function primes(from: number, to: number): number {
  let found = 0;
  for (let number = Math.max(2, from); number < to; number++) if (isPrime(number)) found += 1;
  return found;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) return false;
  return true;
}

async function ask(below: number): Promise<void> {
  const client = new Client<Functions>({ servers, codec: "json" });
  const ranges = Array.from({ length: JOBS }, (_, index) => part(0, below, index, JOBS));
  const jobs = await Promise.all(ranges.map(([from, to]) => client.submit("primes", { from, to })));
  const shares = jobs.map(() => 0);
  const show = (index: number, share: number): void => {
    shares[index] = share;
    const done = shares.reduce((sum, one) => sum + one, 0) / JOBS;
    process.stderr.write(`\r${Math.round(done * 100)} % of ${JOBS} jobs`);
  };
  const counts = await Promise.all(jobs.map((job, index) => followed(job, (share) => show(index, share))));
  console.log(`\n${counts.reduce((sum, one) => sum + one, 0)} primes below ${below}`);
  await client.close();
}

/** Tells how far a job is, and resolves with its result. */
async function followed(job: Job<number>, tell: (share: number) => void): Promise<number> {
  for await (const event of job) if (event.kind === "status") tell(event.numerator / event.denominator);
  return job.result;
}

const [role, below = "1000000"] = process.argv.slice(2);
await (role === "worker" ? work() : ask(Number(below)));
