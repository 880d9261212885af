/**
 * What the scripts of all queues have in common: `node queue-NAME.mjs client|worker PORT PACKAGES`, told in messages what to do. A client submits
 * for so many seconds, in one of its ways, and says how many jobs they were. A worker opens, closes, and says when it has done so many in all.
 */
import { createRequire } from "node:module";

/** Jobs at once of a worker, and of a client that submits one at a time. */
export const AT_ONCE = 64;
const BATCH = 1000;
const WORKLOAD = "x".repeat(100);

const [role, port, packages] = process.argv.slice(2);

/** A package that was installed for this run. */
export const peer = (name) => createRequire(`${packages}/`)(name);

export async function play({ client, worker }) {
  const orders =
    role === "client" ? submitter(await client(Number(port))) : labourer((done) => worker(Number(port), done));
  process.on("message", async ({ order, ...details }) => process.send((await orders[order](details)) ?? "done"));
  process.once("disconnect", () => process.exit());
  process.send("ready");
}

function submitter({ submit, bulk, run }) {
  const batch = Array.from({ length: BATCH }, () => WORKLOAD);
  return {
    submit: ({ seconds }) => during(seconds, AT_ONCE, 1, () => submit(WORKLOAD)),
    bulk: ({ seconds }) => during(seconds, 1, BATCH, () => bulk(batch)),
    run: ({ seconds }) =>
      during(seconds, AT_ONCE, 1, async () => {
        const result = String(await run(WORKLOAD));
        if (result !== WORKLOAD) throw new Error(`wrong result: ${result}`);
      }),
  };
}

/** So many lanes, in each of which one call follows the other; a call is so many jobs. */
async function during(seconds, lanes, each, call) {
  const began = performance.now();
  let jobs = 0;
  const lane = async () => {
    do {
      await call();
      jobs += each;
    } while (performance.now() < began + seconds * 1000);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { jobs, perSecond: jobs / ((performance.now() - began) / 1000) };
}

function labourer(start) {
  let [done, goal, reached, stop] = [0, 0, undefined, undefined];
  const count = () => {
    done += 1;
    if (done >= goal) reached?.();
  };
  return {
    open: async () => {
      stop = await start(count);
    },
    close: () => stop(),
    until: ({ jobs }) =>
      new Promise((resolve) => {
        [goal, reached] = [jobs, resolve];
        if (done >= goal) resolve();
      }),
  };
}
