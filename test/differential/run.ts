/**
 * The long run: `npm run differential -- --scripts 30000`, or `--seconds 3600`; `--seed` for others, `--seed` and `--path` to play one again.
 * A line for each batch, at the end a summary as JSON. Ends with 1 if something differed that is not on the list.
 */
import { parseArgs } from "node:util";
import { Differential } from "./differential.ts";
import type { Tally } from "./tally.ts";

const BATCH = 200;

const { values } = parseArgs({
  options: {
    scripts: { type: "string", default: "Infinity" },
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    path: { type: "string" },
  },
});

const began = performance.now();
const seconds = (): number => (performance.now() - began) / 1000;

async function main(): Promise<void> {
  const differential = new Differential();
  const { tally } = differential;
  const found: string[] = [];
  for (
    let seed = Number(values.seed);
    tally.scripts < Number(values.scripts) && seconds() < Number(values.seconds);
    seed++
  ) {
    const scripts = Math.min(BATCH, Number(values.scripts) - tally.scripts);
    const difference = await differential.run(
      values.path === undefined ? { scripts, seed } : { scripts: 1, seed, path: values.path },
    );
    if (difference !== undefined) found.push(difference);
    if (difference !== undefined) console.log(`\n${difference}\n`);
    console.log(progress(tally, seed, found.length));
    if (values.path !== undefined) break;
  }
  await differential.stop();
  console.log(JSON.stringify(summary(tally, found), undefined, 2));
  process.exitCode = found.length === 0 ? 0 : 1;
}

function progress({ scripts, replies, explained }: Tally, seed: number, unexplained: number): string {
  const speed = (scripts / seconds()).toFixed(1);
  return `seed ${seed}: ${scripts} scripts (${speed}/s), ${replies} replies, ${explained.size} known differences, ${unexplained} others`;
}

function summary(tally: Tally, unexplained: readonly string[]): object {
  const sorted = (counts: ReadonlyMap<string, number>) => Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
  const { kinds, explained, avoided } = tally;
  const counts = { kinds: sorted(kinds), explained: sorted(explained), avoided: sorted(avoided) };
  return { seconds: Math.round(seconds()), ...tally, ...counts, unexplained };
}

await main();
