import { expect, it } from "vitest";
import type { InBackground, InForeground, SubmitOptions } from "../../src/client/options.ts";
import { fresh, onServers } from "../support/client-servers.ts";

/** Long ago: the job may run at once. */
const PAST = new Date(1000);

onServers((bench) => {
  const FOREGROUND: readonly (SubmitOptions & InForeground)[] = [
    {},
    { priority: "high" },
    { priority: "normal" },
    { priority: "low" },
  ];
  it.each(FOREGROUND)("runs a job with %j", async (options) => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("reverse");
    const job = await client.submit(name, "abc", options);
    const taken = await worker.take(name);
    expect(taken).toMatchObject({ function: name, workload: "abc", handle: job.handle, unique: job.unique });
    worker.send("WORK_COMPLETE", taken.handle, "cba");
    expect((await job.result).toString()).toBe("cba");
    expect(job).toMatchObject({ function: name, attempts: 1 });
  });

  const BACKGROUND: readonly (SubmitOptions & InBackground)[] = [
    { background: true },
    { background: true, priority: "high" },
    { background: true, priority: "low" },
    { at: PAST },
    { at: PAST, background: true },
  ];
  it.each(BACKGROUND)("leaves a job in the background with %j", async (options) => {
    await using worker = await bench().worker();
    const name = fresh("mail");
    const client = bench().client();
    const job = await client.submit(name, "to whom", { ...options, unique: "u" });
    await client.close();
    expect(job).toEqual({ function: name, unique: "u", server: expect.any(String), handle: expect.any(String) });
    expect(await worker.take(name)).toMatchObject({ handle: job.handle, unique: "u", workload: "to whom" });
  });

  it.each([true, false])("submits a job that is to be reduced (background: %s)", async (background) => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("map");
    await client.submit(name, "parts", { reducer: "sum", background });
    const expected = { packet: "JOB_ASSIGN_ALL", function: name, reducer: "sum", workload: "parts" };
    expect(await worker.take(name)).toMatchObject(expected);
  });

  it("gives jobs of high priority first, of low last", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("sorted");
    for (const priority of ["low", "normal", "high"] as const)
      await client.submit(name, priority, { priority, background: true });
    const order = [await worker.take(name), await worker.take(), await worker.take()];
    expect(order.map(({ workload }) => workload)).toEqual(["high", "normal", "low"]);
  });

  it("keeps a job until its time has come", async () => {
    await using client = bench().client();
    const name = fresh("later");
    const job = await client.submit(name, "", { at: new Date(Date.now() + 3_600_000) });
    expect(await client.status(job)).toMatchObject({ known: true, running: false });
    await using worker = await bench().worker();
    worker.send("CAN_DO", name);
    const run = worker.take(fresh("other"));
    const other = await client.submit(fresh("never"), "", { background: true });
    expect(other.handle).not.toBe(job.handle);
    await worker.handled();
    await expect(Promise.race([run, "nothing"])).resolves.toBe("nothing");
    run.catch(() => {});
  });

  it("carries any bytes", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("bytes");
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const job = await client.submit(name, all);
    const taken = await worker.take(name);
    expect(Buffer.from(taken.workload, "latin1")).toEqual(all);
    worker.send("WORK_COMPLETE", taken.handle, taken.workload);
    expect(await job.result).toEqual(all);
  });

  it("carries an empty workload and an empty result", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("empty");
    const job = await client.submit(name, "");
    const taken = await worker.take(name);
    expect(taken.workload).toBe("");
    worker.send("WORK_COMPLETE", taken.handle, "");
    expect(await job.result).toEqual(Buffer.alloc(0));
  });
});
