/** How long one client waits that submits one job after the other, beside a bare append of 4 KB with fdatasync. */

import type { Measurement } from "../measurements.ts";
import { Rows, ratio } from "../rows.ts";
import type { Ground } from "./ground.ts";
import { durable, memory, redis, Servers, sqlite } from "./servers.ts";

const WAIT = "one client, one outstanding: p50";
const BARE = "4 KB append + fdatasync";
/** Submits and appends of a round; gearmand with SQLite has fewer, for it takes milliseconds for each. */
const COUNT = 3000;

export const latency: Measurement<Ground> = async (ground) => {
  await using folder = ground.folder();
  const own = durable(folder);
  await using servers = await Servers.start([own, memory, sqlite(folder), redis(ground.redis)]);
  const rows = new Rows();
  for (let round = 0; round < ground.rounds; round++) {
    const bare = await ground.tools.appends(folder.file("appended"), COUNT);
    rows.add(WAIT, BARE, bare.p50, "us");
    for (const [{ name, jobs }, { port }] of servers) {
      const count = Math.min(COUNT, jobs);
      const { p50 } = await ground.tools.load("submit", port, `-u -c 1 -d 1 -n ${count}`);
      rows.add(WAIT, name, p50, "us");
      await ground.tools.load("drain", port, `-w 8 -n ${count}`);
    }
  }
  return [...rows.all(), ratio(rows.get(WAIT, own.name), rows.get(WAIT, BARE), "<= 1.5")];
};
