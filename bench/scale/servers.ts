/** Who is compared, all in memory. */
import { type Contender, gearmand, ours } from "../speed/contenders.ts";

export const own: Contender = ours("gearmand-ts", process.execPath);

export const reference: Contender = gearmand("-t", "1");

/** As it comes it wakes all sleepers for each job. */
export const wakesOne: Contender = gearmand("-t", "1", "-w", "1");

/** For 10 million jobs V8's default is too small. MiB. */
const LARGE_HEAP = 12_288;
/** More than any of these benches uses. */
const MANY_FUNCTIONS = "200000";

/** @param heap of V8, MiB */
export const withHeap = (heap: number, ...flags: readonly string[]): Contender => ({
  ...own,
  name: `gearmand-ts, heap of ${heap} MiB`,
  command: (port) => {
    const [node = "", ...rest] = own.command(port);
    return [node, `--max-old-space-size=${heap}`, ...rest, ...flags];
  },
});

export const large: Contender = withHeap(LARGE_HEAP);

/** Stops at no limit that a curve reaches. */
export const roomy: Contender = {
  ...withHeap(LARGE_HEAP, "--max-functions", MANY_FUNCTIONS, "--max-abilities", MANY_FUNCTIONS),
  name: own.name,
};
