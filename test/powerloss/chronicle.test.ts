import { expect, it } from "vitest";
import { FAR, sentJob } from "../faults/job.ts";
import { Chronicle } from "./chronicle.ts";

const now = (): number => Number(process.hrtime.bigint());

/** What is known of job 1, and whether it must be there. */
const state = (ledger: ReturnType<ReturnType<Chronicle["replay"]>>) => ({
  handle: ledger.accounts.get(1)?.handle,
  end: ledger.accounts.get(1)?.end,
  starts: ledger.accounts.get(1)?.starts,
  open: [...ledger.open()],
});

it("a chronicle tells what was known at each moment", () => {
  const chronicle = new Chronicle();
  const moments = [now()];
  const at = (tell: () => void): void => {
    tell();
    moments.push(now());
  };
  at(() => chronicle.submitted(sentJob(1), "client"));
  const account = chronicle.accounts.get(1);
  if (account === undefined) throw new Error("the job is not there");
  at(() => chronicle.created(account, "H:1"));
  at(() => chronicle.started("H:1"));
  at(() => chronicle.ended("H:1"));
  at(() => chronicle.durable(["H:1"]));

  const replay = chronicle.replay();
  const states = moments.map((moment) => state(replay(moment)));
  expect(states).toEqual([
    { handle: undefined, end: undefined, starts: undefined, open: [] },
    { handle: undefined, end: "none", starts: 0, open: [] },
    { handle: "H:1", end: "none", starts: 0, open: ["H:1"] },
    { handle: "H:1", end: "none", starts: 1, open: ["H:1"] },
    { handle: "H:1", end: "sent", starts: 1, open: [] },
    { handle: "H:1", end: "durable", starts: 1, open: [] },
  ]);
  expect(chronicle.promises).toHaveLength(2);
});

it("a chronicle knows of ends that were told before the handle was", () => {
  const chronicle = new Chronicle();
  const account = chronicle.submitted(sentJob(1), "client");
  chronicle.started("H:1");
  chronicle.ended("H:1");
  const before = now();
  chronicle.created(account, "H:1");
  const replay = chronicle.replay();
  expect(state(replay(before))).toEqual({ handle: undefined, end: "none", starts: 0, open: [] });
  expect(state(replay(chronicle.promises[0] ?? 0))).toEqual({ handle: "H:1", end: "sent", starts: 1, open: [] });
  expect([...chronicle.open()]).toEqual([]);
  chronicle.durable(["H:1"]);
  expect(state(replay(now())).end).toBe("durable");
});

it("a chronicle counts the jobs that wait for a worker", () => {
  const chronicle = new Chronicle();
  chronicle.created(chronicle.submitted(sentJob(1), "client"), "H:1");
  chronicle.created(chronicle.submitted(sentJob(2, { epoch: FAR }), "client"), "H:2");
  expect(chronicle.waiting).toBe(1);
});
