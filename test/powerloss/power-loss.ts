import type { Random } from "../model/random.ts";
import { Disk, type Image, type Loss } from "./disk.ts";
import type { Fate } from "./disk-file.ts";
import type { Operation } from "./recording.ts";

/** A disk after a power loss. */
export interface Wreck {
  /** When the power was lost; as in the recording. */
  readonly moment: number;
  readonly style: Style;
  readonly image: Image;
}

type Draw = (random: Random, pending: number) => Partial<Fate>;

/** What is left of the changes of a file that were not synced. */
const STYLES = {
  nothing: () => ({ until: 0 }),
  all: () => ({}),
  "all up to a torn write": (random, pending) => ({ until: random.below(pending + 1), torn: random.below(8192) }),
  "some 4 KiB pieces": (random) => ({ piece: 4096, kept: random.pick([0.1, 0.5, 0.9]) }),
  "some 512 B pieces": (random) => ({ piece: 512, kept: random.pick([0.1, 0.5, 0.9]) }),
} as const satisfies Record<string, Draw>;

export type Style = keyof typeof STYLES;

const STYLE_NAMES = Object.keys(STYLES) as [Style, ...Style[]];

/** What the disk is after a power loss at each of these moments, which are sorted. */
export function* wrecks(
  root: string,
  operations: readonly Operation[],
  moments: readonly number[],
  random: Random,
): Generator<Wreck> {
  const disk = new Disk(root);
  const steps = inOrder(operations);
  let next = 0;
  for (const moment of moments) {
    for (let step = steps[next]; step !== undefined && counts(step) <= moment; step = steps[++next]) disk.apply(step);
    const style = random.pick(STYLE_NAMES);
    yield { moment, style, image: disk.image(lossOf(style, random)) };
  }
}

/** What is there if nothing is lost. */
export function diskAtEnd(root: string, operations: readonly Operation[], random: Random): Image {
  const disk = new Disk(root);
  for (const step of inOrder(operations)) disk.apply(step);
  return disk.image({ ...lossOf("all", random), namesKept: 1 });
}

/**
 * So many moments, sorted: any; those about a sync, where most depends on the order; those about a change of names or sizes, which are
 * few; and those when a promise had just been made.
 */
export function moments(
  operations: readonly Operation[],
  promises: readonly number[],
  count: number,
  random: Random,
): number[] {
  const syncs = operations.filter(({ kind }) => kind === "synced");
  const others = operations.filter(({ kind }) => kind !== "synced" && kind !== "written");
  const made = promises.map((at) => ({ began: at, ended: at }));
  const kinds = [operations, syncs, others, made].filter(({ length }) => length > 0);
  const drawn = Array.from({ length: count }, (_, nth) => {
    const from = kinds[nth % kinds.length] ?? [];
    const chosen = from[random.below(from.length)];
    return chosen === undefined ? 0 : momentOf(chosen, random);
  });
  return drawn.sort((a, b) => a - b);
}

/** Just before it, when it began, in the middle of it, when it had ended. */
function momentOf({ began, ended }: Pick<Operation, "began" | "ended">, random: Random): number {
  return random.pick([began - 1, began, Math.floor((began + ended) / 2), ended]);
}

function lossOf(style: Style, random: Random): Loss {
  return {
    rule: random.pick(["directory", "file"]),
    namesKept: style === "nothing" ? 0 : style === "all" ? 1 : 0.5,
    fate: (pending) => {
      const draw: Draw = STYLES[style];
      return { until: pending, torn: Number.POSITIVE_INFINITY, piece: 4096, kept: 1, random, ...draw(random, pending) };
    },
    random,
  };
}

/** A write may have reached the disk as soon as it began; a sync has done so only when it has ended. */
const counts = ({ kind, began, ended }: Operation): number => (kind === "synced" ? ended : began);

const inOrder = (operations: readonly Operation[]): Operation[] =>
  [...operations].sort((a, b) => counts(a) - counts(b));
