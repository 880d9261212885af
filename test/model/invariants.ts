import type { FunctionQueue } from "../../src/core/function-queue.ts";
import type { Job } from "../../src/core/job.ts";
import { must } from "./ledger.ts";
import type { World } from "./world.ts";

const ANSWER_TIME = 20;
const HOLD_TIME = 1.5;

/** Everything that must be so between two operations, recounted from nothing. */
export function checkInvariants(world: World): void {
  const jobs = [...world.server.jobs()];
  const functions = [...world.server.functions()];
  checkPromises(world, jobs);
  checkJobs(world, jobs);
  checkGauges(world, jobs, functions);
  const jobsOf = new Map<FunctionQueue, Job[]>(functions.map((fn) => [fn, []]));
  for (const job of jobs) jobsOf.get(job.queue)?.push(job);
  for (const [fn, its] of jobsOf) checkFunction(world, fn, its);
  checkCounters(world, jobs);
  checkHeld(world, jobs);
  if (!world.draining) checkWaking(world, jobs);
}

/** What was acknowledged is stored and alive; what is stored is alive; every open ticket waits for a commit that is out. */
function checkPromises({ server, store, ledger }: World, jobs: readonly Job[]): void {
  for (const handle of ledger.acknowledged) {
    must(server.jobByHandle(handle) !== undefined, `${handle}, acknowledged, is not lost`);
    must(store.state(handle) === "kept", `${handle}, acknowledged, is stored`);
  }
  const alive = new Set(jobs.filter(({ cancelled }) => !cancelled).map(({ handle }) => handle));
  for (const handle of store.handles())
    must(
      store.state(handle) === "dead" || alive.has(handle) || store.willForget(handle),
      `${handle}, stored, is alive`,
    );
  for (const handle of ledger.awaited) must(alive.has(handle), `${handle}, waited for, is alive`);
  must(ledger.open.size === 0 || store.outstanding > 0, "a submit that is not answered waits for a commit");
}

function checkJobs({ server, peers, ledger }: World, jobs: readonly Job[]): void {
  const keys = jobs.flatMap(({ function: fn, key }) => (key === undefined ? [] : `${fn}\0${key}`));
  must(keys.length === new Set(keys).size, "jobs of one function with one unique are one");
  for (const job of jobs) {
    const { handle, worker } = job;
    must(server.jobByHandle(handle) === job && job.state !== "gone", `${handle} is found by its handle`);
    must((worker !== undefined) === (job.state === "running"), `${handle} has an owner while it runs`);
    must(worker?.id === ledger.owners.get(handle), `${handle} runs where it was assigned`);
    must(
      worker === undefined || ([...worker.running].includes(job) && peers.get(worker.id) === worker),
      `${handle}'s owner knows`,
    );
    must(job.state === "running" || !job.abandoned, `${handle} waits because somebody wants it`);
    for (const client of job.clients)
      must([...client.peer.awaited].includes(client.awaited) && peers.has(client.peer.id), `${handle}'s clients know`);
  }
  for (const peer of peers.values()) {
    const sleeps = ledger.asleep.has(peer.id) && !ledger.wokenPeers.has(peer.id);
    must(peer.asleepAs > 0 === sleeps, `it is known whether connection ${peer.id} sleeps`);
    for (const job of peer.running) must(job.worker === peer, `connection ${peer.id} runs ${job.handle}`);
    for (const { item: client } of peer.awaited)
      must([...client.job.clients].includes(client), `connection ${peer.id} waits for ${client.job.handle}`);
  }
}

function inState(jobs: readonly Job[], state: Job["state"]): number {
  let count = 0;
  for (const job of jobs) if (job.state === state) count++;
  return count;
}

function checkGauges(world: World, jobs: readonly Job[], functions: readonly FunctionQueue[]): void {
  const { gauges } = world.server;
  const recount = {
    jobs: jobs.length,
    jobBytes: jobs.reduce((sum, { workload }) => sum + workload.length, 0),
    runnable: inState(jobs, "queued"),
    running: inState(jobs, "running"),
    delayed: inState(jobs, "delayed"),
    functions: functions.length,
    connections: world.peers.size,
    heldGrabs: world.ledger.holding.size,
  };
  for (const [name, count] of Object.entries(recount)) {
    const told = gauges[name as keyof typeof recount];
    must(told === count, `the gauge ${name} is ${count}, not ${told}`);
  }
}

function checkFunction(world: World, fn: FunctionQueue, jobs: readonly Job[]): void {
  must(fn.total === jobs.length, `${fn.name} has ${jobs.length} jobs, not ${fn.total}`);
  must(fn.running === inState(jobs, "running"), `${fn.name} counts its running jobs`);
  must(fn.delayed === inState(jobs, "delayed"), `${fn.name} counts its delayed jobs`);
  must(fn.runnable === inState(jobs, "queued"), `${fn.name} counts its runnable jobs`);
  const workers = [...world.peers.values()].filter((peer) => peer.abilityOf(fn) !== undefined);
  must(
    workers.length === fn.workers.size && workers.every((peer) => fn.workers.has(peer)),
    `${fn.name} knows its workers`,
  );
  for (const peer of fn.woken) must(world.ledger.wokenPeers.has(peer.id), `${fn.name} knows who is on the way`);
}

function checkCounters({ server, ledger }: World, jobs: readonly Job[]): void {
  for (const [name, count] of Object.entries({ ...ledger.counts, timedOut: server.counters.timedOut })) {
    const told = server.counters[name as keyof typeof ledger.counts];
    must(told === count, `the counter ${name} is ${count}, not ${told}`);
  }
  const { submitted, completed, failed, exceptions, dead, abandoned, cancelled } = server.counters;
  const ended = completed + failed + exceptions + dead + abandoned + cancelled + ledger.unkept;
  const alive = jobs.filter((job) => !job.cancelled).length;
  const all = submitted + ledger.restoredJobs;
  must(all === ended + alive, `of ${all} jobs ${alive} are alive and ${ended} have ended`);
}

/** Whether a grab by that worker would find a job, by the plainest reading. */
function mayTake(world: World, peerId: number, jobs: readonly Job[]): boolean {
  const peer = world.peers.get(peerId);
  if (peer === undefined) return false;
  return jobs.some(({ state, queue, shunned }) => {
    if (state !== "queued" || peer.abilityOf(queue) === undefined) return false;
    return (
      shunned !== peer || [...world.peers.values()].every((one) => one === peer || one.abilityOf(queue) === undefined)
    );
  });
}

/** A grab is held only while there is nothing for it, and not for long. */
function checkHeld(world: World, jobs: readonly Job[]): void {
  for (const id of world.ledger.holding) must(!mayTake(world, id, jobs), `nothing is there for the held grab of ${id}`);
  must(world.ledger.holding.size === 0 || world.server.untilTick() <= HOLD_TIME, "held grabs settle soon");
}

/** While a job is runnable, either a wake is pending within its deadline or every eligible sleeper was woken. */
function checkWaking(world: World, jobs: readonly Job[]): void {
  for (const id of world.ledger.asleep) {
    if (world.ledger.wokenPeers.has(id) || !mayTake(world, id, jobs)) continue;
    must(world.server.untilTick() <= ANSWER_TIME, `connection ${id}, for which there is a job, is woken soon`);
    return;
  }
}
