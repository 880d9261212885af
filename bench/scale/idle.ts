/** What connections cost that wait, and whether the administrator is still answered. */
import { Peer } from "../../test/support/peer.ts";
import { type Row, Rows, ratio } from "../rows.ts";
import { Running } from "../speed/contenders.ts";
import { Crowd, possible } from "./crowd.ts";
import type { Measurement } from "./ground.ts";
import { own, reference } from "./servers.ts";

const KINDS = [
  { name: "an idle connection", functions: 0 },
  { name: "a sleeping worker", functions: 1 },
] as const;
const COMMANDS = ["status", "version"] as const;
/** Of each command, one after the other. */
const QUESTIONS = 200;

export const idle: Measurement = async ({ rounds, tools, connections }) => {
  const rows = new Rows();
  const count = possible(connections);
  for (let round = 0; round < rounds; round++)
    for (const contender of [own, reference])
      for (const { name, functions } of KINDS) {
        const goal = (most: string): string | undefined => (contender === own ? most : undefined);
        await using server = await Running.start(contender);
        const before = server.resident;
        await using _crowd = await Crowd.gather(tools, server.port, count, functions);
        const each = (server.resident - before) / count;
        rows.add(`memory of ${name}, ${count} open`, contender.name, each, "bytes", goal("<= 8192"));
        for (const command of COMMANDS)
          rows.add(
            `\`${command}\` beside ${count} like ${name}, p99`,
            contender.name,
            await p99(server, command),
            "ms",
            goal("<= 50"),
          );
      }
  return [...rows.all(), ...beside(rows, count)];
};

const beside = (rows: Rows, count: number): Row[] =>
  KINDS.map(({ name }) => `memory of ${name}, ${count} open`).map((measure) =>
    ratio(rows.get(measure, own.name), rows.get(measure, reference.name), ""),
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
