import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { SizedStream } from "../../src/link/payload.ts";
import { answerInDigests, answerWithBytes } from "../support/client-large.ts";
import { codeOf } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

const SIZE = 100 * 1024 ** 2;
const PIECE = Buffer.alloc(1024 ** 2, "gearman");
const PATIENCE = { timeout: 120_000 };

function stream(size: number, pieces = size / PIECE.length): SizedStream {
  return {
    size,
    async *open() {
      for (let piece = 0; piece < pieces; piece++) yield PIECE;
    },
  };
}

const whole = (): Buffer => Buffer.concat(Array.from({ length: SIZE / PIECE.length }, () => PIECE));

onServers((bench) => {
  it("carries a workload of 100 MB, in one piece and as a stream", PATIENCE, async () => {
    await using client = bench().client();
    const name = fresh("digest");
    using _worker = answerInDigests(await bench().open(), name);
    const expected = createHash("md5").update(whole()).digest("hex");
    expect((await client.run(name, whole())).toString()).toBe(expected);
    const results = await Promise.all([client.run(name, stream(SIZE)), client.run(name, stream(SIZE))]);
    expect(results.map(String)).toEqual([expected, expected]);
  });

  it("carries a result of 100 MB", PATIENCE, async () => {
    await using client = bench().client();
    const name = fresh("bytes");
    using _worker = answerWithBytes(await bench().open(), name, whole());
    const result = await client.run(name, "");
    expect(result.equals(whole())).toBe(true);
  });

  it.each([
    ["fewer", 2],
    ["more", 4],
  ])("fails a job whose stream has %s bytes than it says, and does the others", async (_what, pieces) => {
    await using client = bench().client();
    const name = fresh("digest");
    const wrong = codeOf(client.run(name, stream(3 * PIECE.length, pieces)));
    const other = client.run(name, "other");
    using _worker = answerInDigests(await bench().open(), name);
    expect(await wrong).toBe("STREAM");
    expect((await other).toString()).toBe(createHash("md5").update("other").digest("hex"));
  });

  it("makes the server wait while a slow reader has too much unread", PATIENCE, async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("flood");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    const text = "x".repeat(1024 ** 2);
    for (let count = 0; count < 40; count++) worker.send("WORK_DATA", handle, `${count} ${text}`);
    worker.send("WORK_COMPLETE", handle, "");
    const seen: number[] = [];
    for await (const event of job) {
      if (event.kind !== "data") continue;
      seen.push(Number(event.data.subarray(0, event.data.indexOf(" "))));
      if (seen.length === 1) await worker.handled();
      await new Promise(setImmediate);
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => index));
  });

  it("says that events are lost when more came than are kept, and has the result all the same", PATIENCE, async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("unread");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    const text = "x".repeat(1024 ** 2);
    for (let count = 0; count < 17; count++) worker.send("WORK_DATA", handle, text);
    worker.send("WORK_COMPLETE", handle, "result");
    expect((await job.result).toString()).toBe("result");
    expect(await codeOf((async () => job[Symbol.asyncIterator]())())).toBe("EVENTS_LOST");
  });
});
