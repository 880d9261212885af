/** Servers that take turns, so that what disturbs one disturbs the others. */
import { type Row, Rows, ratio } from "../rows.ts";
import type { Contender } from "../speed/contenders.ts";

export interface Figures {
  /** Jobs. */
  readonly perSecond: number;
  /** Of the server, for each job, microseconds. */
  readonly cpu: number;
}

/** A server that runs, and what plays its clients and workers. */
export interface Player extends AsyncDisposable {
  readonly contender: Contender;
  /** One round. */
  once(): Promise<Figures>;
}

/** Who is ours. */
export const OWN = "gearmand-ts";

/** The players end when all is done. */
export async function inTurns(
  measure: string,
  starts: readonly (() => Promise<Player>)[],
  rounds: number,
): Promise<Row[]> {
  const players: Player[] = [];
  try {
    for (const start of starts) players.push(await start());
    for (const player of players) for (let round = 0; round < player.contender.warmUp; round++) await player.once();
    return await play(measure, players, rounds);
  } finally {
    for (const player of players) await player[Symbol.asyncDispose]();
  }
}

async function play(measure: string, players: readonly Player[], rounds: number): Promise<Row[]> {
  const [rates, costs] = [new Rows(), new Rows()];
  for (let round = 0; round < rounds; round++)
    for (const player of players) {
      const { perSecond, cpu } = await player.once();
      rates.add(measure, player.contender.name, perSecond, "jobs/s");
      costs.add(`${measure}: CPU of the server`, player.contender.name, cpu, "us a job");
    }
  return [...rates.all(), ...ratios(rates.all()), ...costs.all()];
}

/** Each of ours to each of the others. */
function ratios(rates: readonly Row[]): Row[] {
  const own = rates.filter(({ of }) => of.startsWith(OWN));
  const others = rates.filter(({ of }) => !of.startsWith(OWN));
  return own.flatMap((ours) => others.map((other) => ratio(ours, other, "")));
}
