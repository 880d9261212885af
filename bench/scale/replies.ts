/** Whether long replies hold up the others: how long an echo takes while somebody asks for them without a pause. */

import type { Measurement } from "../measurements.ts";
import { Rows } from "../rows.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { Asker } from "./asker.ts";
import { Crowd, possible } from "./crowd.ts";
import type { Ground } from "./ground.ts";
import { own, reference } from "./servers.ts";

/** At random times, whether or not the last was answered. */
const ECHOES = "-c 1 -r 1000 -t 3";
/** That offer all functions: one may not offer more than 10,000. */
const OFFERING = 10;

interface Long {
  readonly command: string;
  readonly of: string;
  readonly connections: number;
  readonly functions: number;
}

export const replies: Measurement<Ground> = async (ground) => {
  const rows = new Rows();
  const count = possible(ground.connections / 5);
  const long: readonly Long[] = [
    { command: "status", of: `${count} functions`, connections: OFFERING, functions: count },
    { command: "workers", of: `${count} connections`, connections: count, functions: 1 },
  ];
  for (let round = 0; round < ground.rounds; round++)
    for (const contender of [own, reference]) for (const reply of long) await measure(ground, rows, contender, reply);
  return rows.all();
};

async function measure(ground: Ground, rows: Rows, contender: Contender, reply: Long): Promise<void> {
  const { command, of, connections, functions } = reply;
  await using server = await Running.start(contender);
  await using _crowd = await Crowd.gather(ground.tools, server.port, connections, functions);
  const echoes = async (when: string, goal?: string): Promise<void> => {
    const { p99, most } = await ground.tools.load("echo", server.port, ECHOES);
    rows.add(`echo, ${of}${when}: p99`, contender.name, p99 / 1000, "ms", goal);
    rows.add(`echo, ${of}${when}: most`, contender.name, most / 1000, "ms", goal);
  };
  await echoes("");
  await using asker = await Asker.start(server.port, command);
  await echoes(`, \`${command}\` asked`, contender === own ? "<= 20" : undefined);
  rows.add(`\`${command}\` of ${of}`, contender.name, asker.perSecond, "replies/s");
}
