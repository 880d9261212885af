/**
 * Map and reduce: the words of a text, counted by many workers. A job that is submitted with a `reducer` goes to a worker that cuts it into
 * parts, has each done by that function, wherever there is a worker for it, and puts the results together.
 *
 *     npx tsx word-count.ts worker          # as many as you like
 *     npx tsx word-count.ts client < /usr/share/common-licenses/GPL-3
 */
import { text } from "node:stream/consumers";
import { Client, Worker } from "gearmand-ts";

type Counts = Record<string, number>;

interface Functions {
  "split-and-merge": { workload: string; result: Counts };
  "count-words": { workload: string; result: Counts };
}

const servers = (process.env["GEARMAN_SERVERS"] || "localhost").split(",");
const LINES_PER_PART = 100;

async function work(): Promise<void> {
  const worker = new Worker<Functions>({ servers, codec: "json" });
  const client = new Client<Functions>({ servers, codec: "json" });
  worker.register("count-words", ({ workload }) => {
    const words = workload.toLowerCase().match(/\p{L}+/gu) ?? [];
    return merge(words.map((word) => ({ [word]: 1 })));
  });
  // Its own `concurrency`, so its own place: in the place of count-words it would wait for parts that wait for it.
  const splitting = { concurrency: 4 };
  worker.register("split-and-merge", splitAndMerge, splitting);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void worker.close());
  worker.once("closed", () => void client.close());
  await worker.ready();
  console.log("ready");

  async function splitAndMerge({ workload, reducer, signal }: Job): Promise<Counts> {
    if (reducer !== "count-words") throw new Error("submit it with the reducer count-words");
    const parts = split(workload);
    console.log(`${parts.length} parts`);
    return merge(await Promise.all(parts.map((part) => client.run(reducer, part, { signal }))));
  }
}

interface Job {
  readonly workload: string;
  readonly reducer: string | undefined;
  readonly signal: AbortSignal;
}

function split(whole: string): string[] {
  const lines = whole.split("\n");
  const parts = Math.ceil(lines.length / LINES_PER_PART);
  return Array.from({ length: parts }, (_, part) =>
    lines.slice(part * LINES_PER_PART, (part + 1) * LINES_PER_PART).join("\n"),
  );
}

function merge(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of all)
    for (const [word, count] of Object.entries(counts)) sums.set(word, (sums.get(word) ?? 0) + count);
  return Object.fromEntries(sums);
}

async function ask(): Promise<void> {
  const client = new Client<Functions>({ servers, codec: "json" });
  const counts = await client.run("split-and-merge", await text(process.stdin), { reducer: "count-words" });
  const often = Object.entries(counts).sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1));
  for (const [word, count] of often.slice(0, 10)) console.log(`${count}\t${word}`);
  await client.close();
}

await (process.argv[2] === "worker" ? work() : ask());
