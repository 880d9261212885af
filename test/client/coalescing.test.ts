import { expect, it } from "vitest";
import { codeOf, eventsOf } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench) => {
  it("gives each of two equal jobs on one connection its own copies, also one that joins in the middle", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("twice");
    const [one, two] = [await client.submit(name, "", { unique: "u" }), await client.submit(name, "", { unique: "u" })];
    expect(two.handle).toBe(one.handle);
    const { handle } = await worker.take(name);
    worker.send("WORK_DATA", handle, "a");
    worker.send("WORK_STATUS", handle, "1", "2");
    await worker.handled();
    const three = await client.submit(name, "", { unique: "u" });
    worker.send("WORK_DATA", handle, "b");
    worker.send("WORK_COMPLETE", handle, "done");
    const early = ["data a", "status 1/2", "data b"];
    expect(await Promise.all([one, two, three].map((job) => eventsOf(job)))).toEqual([early, early, ["data b"]]);
    const results = await Promise.all([one, two, three].map(({ result }) => result));
    expect(results.map(String)).toEqual(["done", "done", "done"]);
  });

  it("fails all of them", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("twice");
    const jobs = [await client.submit(name, "", { unique: "u" }), await client.submit(name, "", { unique: "u" })];
    const { handle } = await worker.take(name);
    worker.send("WORK_FAIL", handle);
    expect(await Promise.all(jobs.map(({ result }) => codeOf(result)))).toEqual(["JOB_FAILED", "JOB_FAILED"]);
  });

  it("runs equal jobs of two clients once", async () => {
    await using client = bench().client();
    await using other = bench().client();
    await using worker = await bench().worker();
    const name = fresh("shared");
    const jobs = [await client.submit(name, "1", { unique: "u" }), await other.submit(name, "2", { unique: "u" })];
    const { handle, workload } = await worker.take(name);
    expect(workload).toBe("1");
    worker.send("WORK_COMPLETE", handle, "once");
    expect((await Promise.all(jobs.map(({ result }) => result))).map(String)).toEqual(["once", "once"]);
    worker.send("GRAB_JOB");
    await worker.handled();
  });

  it("lets a new job with the same unique begin when the first is done", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("again");
    for (const result of ["first", "second"]) {
      const job = await client.submit(name, "", { unique: "u" });
      const { handle } = await worker.take(name);
      worker.send("WORK_COMPLETE", handle, result);
      expect((await job.result).toString()).toBe(result);
    }
  });
});
