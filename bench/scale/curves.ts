/** Whether cost stays flat: throughput and CPU of a job by what grows. Every point has a server of its own; all are warmed up, and take turns. */

import type { Measurement } from "../measurements.ts";
import { type Row, ratio } from "../rows.ts";
import { type Contender, Running } from "../speed/contenders.ts";
import { AXES, type Axis, type Cost } from "./axes.ts";
import type { Ground } from "./ground.ts";
import { roomy, wakesOne } from "./servers.ts";

export const curves: Measurement<Ground> = async (ground) => {
  const rows: Row[] = [];
  for (const axis of AXES) rows.push(...(await curve(ground, axis)));
  return rows;
};

interface Point {
  readonly at: number;
  readonly of: string;
  readonly server: Running;
  readonly prepared: AsyncDisposable | undefined;
  readonly costs: Cost[];
}

async function curve(ground: Ground, axis: Axis): Promise<Row[]> {
  await using points = new Points();
  for (const at of axis.points(ground)) {
    await points.open(ground, axis, roomy, at);
    if (at <= axis.referenceMost) await points.open(ground, axis, wakesOne, at);
  }
  for (const { at, server } of points.all) await axis.cost(ground.tools, server, at);
  for (let round = 0; round < ground.rounds; round++)
    for (const { at, server, costs } of points.all) costs.push(await axis.cost(ground.tools, server, at));
  const rows = points.all.map((point) => row(axis, point, "perSecond", "jobs/s"));
  return [...rows, ...points.all.map((point) => row(axis, point, "cpu", "us")), ...falls(rows)];
}

/** A row of each point: of the curve of `unit`. */
const row = ({ name }: Axis, { at, of, costs }: Point, figure: keyof Cost, unit: string): Row => ({
  measure: name,
  at,
  of,
  values: costs.map((cost) => cost[figure]),
  unit,
});

/** Every point beside the first. */
function falls(rows: readonly Row[]): Row[] {
  const [first, ...others] = rows.filter(({ of }) => of === roomy.name);
  if (first === undefined) return [];
  return others.map((each) => ({
    ...ratio(each, first, ">= 0.8"),
    measure: `throughput, ${each.measure}, ${each.at} : ${first.at}`,
    of: each.of,
  }));
}

class Points implements AsyncDisposable {
  readonly all: Point[] = [];

  async open({ tools }: Ground, axis: Axis, contender: Contender, at: number): Promise<void> {
    const server = await Running.start(contender);
    const prepared = await axis.prepare?.(tools, server, at);
    this.all.push({ at, of: contender.name, server, prepared, costs: [] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { server, prepared } of this.all) {
      await prepared?.[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    }
  }
}
