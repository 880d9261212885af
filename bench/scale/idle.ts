/** What connections cost that wait, and whether the administrator is still answered. */
import { Peer } from "../../test/support/peer.ts";
import type { Tools } from "../load/tools.ts";
import type { Measurement } from "../measurements.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { Crowd, possible } from "./crowd.ts";
import type { Ground } from "./ground.ts";
import { own, reference } from "./servers.ts";

const KINDS = [
  { name: "an idle connection", functions: 0 },
  { name: "a sleeping worker", functions: 1 },
] as const;
type Kind = (typeof KINDS)[number];
const COMMANDS = ["status", "version"] as const;
/** Of each command, one after the other. */
const QUESTIONS = 200;

export const idle: Measurement<Ground> = async (ground) => {
  const rows = new Rows();
  const count = possible(ground.connections);
  for (let round = 0; round < ground.rounds; round++)
    for (const contender of [own, reference])
      for (const kind of KINDS) await measure(ground.tools, rows, contender, kind, count);
  return [...rows.all(), ...beside(rows, count)];
};

const memory = (name: string, count: number): string => `memory of ${name}, ${count} open`;

async function measure(tools: Tools, rows: Rows, contender: Contender, kind: Kind, count: number): Promise<void> {
  const add = (measure: string, value: number, unit: string, goal: string): void =>
    rows.add(measure, contender.name, value, unit, contender === own ? goal : undefined);
  await using server = await Running.start(contender);
  const before = server.resident;
  await using _crowd = await Crowd.gather(tools, server.port, count, kind.functions);
  add(memory(kind.name, count), (server.resident - before) / count, "bytes", "<= 8192");
  for (const command of COMMANDS)
    add(`\`${command}\` beside ${count} like ${kind.name}, p99`, await p99(server, command), "ms", "<= 50");
}

const beside = (rows: Rows, count: number): Row[] =>
  KINDS.map(({ name }) => memory(name, count)).map((each) =>
    ratio(rows.get(each, own.name), rows.get(each, reference.name), ""),
  );

async function p99({ port }: Running, command: string): Promise<number> {
  await using peer = await Peer.connect(port);
  const times: number[] = [];
  for (let nth = 0; nth < QUESTIONS; nth++) {
    const asked = performance.now();
    await peer.text(command);
    times.push(performance.now() - asked);
  }
  return times.sort((a, b) => a - b)[Math.floor(QUESTIONS * 0.99)] ?? Number.NaN;
}
