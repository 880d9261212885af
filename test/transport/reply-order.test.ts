import fc from "fast-check";
import { expect, it } from "vitest";
import { startServer } from "../support/server-harness.ts";
import { encode } from "../support/wire.ts";

type Step = "stored" | "echo" | "foreground" | "text" | "refused" | "commit" | "fail";

/** What a step sends, and what its answer looks like. */
const STEPS: Readonly<Record<Step, { bytes: (index: number) => string; answer: (index: number) => RegExp }>> = {
  stored: {
    bytes: (index) => encode("SUBMIT_JOB_BG", ["f", `u${index}`, "x"]),
    answer: () => /^(JOB_CREATED H:\d+|ERROR QUEUE_ERROR Job could not be stored)$/,
  },
  echo: { bytes: (index) => encode("ECHO_REQ", [`${index}`]), answer: (index) => new RegExp(`^ECHO_RES ${index}$`) },
  foreground: { bytes: () => encode("SUBMIT_JOB", ["g", "", "x"]), answer: () => /^JOB_CREATED H:\d+$/ },
  text: { bytes: () => "getpid\n", answer: () => /^OK \d+\n$/ },
  refused: { bytes: () => encode("NOOP", []), answer: () => /^ERROR INVALID_COMMAND / },
  commit: { bytes: () => "", answer: () => /^$/ },
  fail: { bytes: () => "", answer: () => /^$/ },
};

it("answers come in the order of requests on each connection, whenever commits settle", async () => {
  const names = Object.keys(STEPS) as Step[];
  const step = fc.record({ name: fc.constantFrom(...names, "stored" as const, "commit" as const), peer: fc.nat(1) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using context = await startServer({ drainTimeout: 1 });
      const { store, connect } = context;
      const peers = [connect(), connect()];
      const expected: RegExp[][] = [[], []];
      for (const [index, { name, peer }] of steps.entries()) {
        if (name === "commit") store.commit();
        else if (name === "fail") store.fail();
        else {
          peers[peer]?.wire.send(STEPS[name].bytes(index));
          expected[peer]?.push(STEPS[name].answer(index));
        }
        if (index % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const settle = setInterval(() => store.commit(), 0);
      for (const [index, peer] of peers.entries()) {
        const answers = (await peer.heard()).flatMap((each) => each.match(/OK \d+\n/g) ?? [each]);
        expect(answers.length).toBe(expected[index]?.length);
        for (const [at, answer] of answers.entries()) expect(answer).toMatch(expected[index]?.[at] ?? /never/);
      }
      clearInterval(settle);
      for (const { wire } of peers) wire.destroy();
    }),
    { numRuns: 60 },
  );
});
