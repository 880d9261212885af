import { expect, it } from "vitest";
import { JobError } from "../../src/client/errors.ts";
import { eventsOf, gearmanError } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench, kind) => {
  it("gives data, warnings and status in the order in which they came, and ends with the job", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("events");
    const job = await client.submit(name, "");
    const events = eventsOf(job);
    const { handle } = await worker.take(name);
    worker.send("WORK_STATUS", handle, "1", "3");
    worker.send("WORK_DATA", handle, "one");
    worker.send("WORK_WARNING", handle, "beware");
    worker.send("WORK_STATUS", handle, "2", "3");
    worker.send("WORK_DATA", handle, "two");
    worker.send("WORK_COMPLETE", handle, "result");
    expect(await events).toEqual(["status 1/3", "data one", "warning beware", "status 2/3", "data two"]);
    expect((await job.result).toString()).toBe("result");
  });

  it("keeps the events for whoever comes when the job is done", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("kept");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    worker.send("WORK_DATA", handle, "early");
    worker.send("WORK_COMPLETE", handle, "");
    await job.result;
    expect(await eventsOf(job)).toEqual(["data early"]);
  });

  it("fails a job that the worker fails, and its loop", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("fails");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    worker.send("WORK_DATA", handle, "some");
    worker.send("WORK_FAIL", handle);
    const error = await gearmanError(job.result);
    expect(error).toBeInstanceOf(JobError);
    expect(error).toMatchObject({ code: "JOB_FAILED", next: "failed", data: Buffer.alloc(0) });
    expect(error).toMatchObject({ job: { function: name, unique: job.unique, server: job.server, handle } });
    expect(await gearmanError(eventsOf(job))).toBe(error);
  });

  it("fails a job whose worker says its handle with a NUL behind it", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("nul");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    worker.send("WORK_FAIL", `${handle}\0`);
    expect((await gearmanError(job.result)).code).toBe("JOB_FAILED");
  });

  it("says what the worker threw, if exceptions are on, as they are", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("throws");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    worker.send("WORK_EXCEPTION", handle, "out of cheese");
    const error = await gearmanError(job.result);
    expect(error).toMatchObject({ code: "JOB_EXCEPTION", data: Buffer.from("out of cheese") });
    expect(error.message).toContain("out of cheese");
  });

  // gearmand says nothing at all then.
  it.skipIf(kind === "gearmand")("has exceptions as failures, if exceptions are off", async () => {
    await using client = bench().client({ exceptions: false });
    await using worker = await bench().worker();
    const name = fresh("throws");
    const job = await client.submit(name, "");
    const { handle } = await worker.take(name);
    worker.send("WORK_EXCEPTION", handle, "out of cheese");
    expect((await gearmanError(job.result)).code).toBe("JOB_FAILED");
  });

  it("takes a worker that dies as no outcome: the next one does the job", async () => {
    await using client = bench().client();
    const name = fresh("retried");
    const job = await client.submit(name, "");
    const dying = await bench().worker();
    await dying.take(name);
    dying.destroy();
    await using worker = await bench().worker();
    const { handle } = await worker.take(name);
    worker.send("WORK_COMPLETE", handle, "done");
    expect((await job.result).toString()).toBe("done");
    expect(job.attempts).toBe(1);
  });
});
