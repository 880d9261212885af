import type { Random } from "../model/random.ts";
import type { Point } from "./strace.ts";

/** Some of the points: of each call on each file at least one, the others by chance. */
export function sample(points: readonly Point[], count: number, random: Random): Point[] {
  const kinds = new Set(points.map(kindOf));
  const chosen = [...kinds].map((kind) =>
    draw(
      points.filter((point) => kindOf(point) === kind),
      random,
    ),
  );
  while (chosen.length < Math.min(count, points.length)) chosen.push(draw(points, random));
  return chosen.sort((one, other) => points.indexOf(one) - points.indexOf(other));
}

const kindOf = ({ file, call }: Point): string => `${file} ${call}`;

function draw(points: readonly Point[], random: Random): Point {
  const point = points[random.below(points.length)];
  if (point === undefined) throw new Error("nothing to draw from");
  return point;
}
