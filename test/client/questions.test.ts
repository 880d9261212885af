import { expect, it } from "vitest";
import { gearmanError } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

onServers((bench) => {
  it("tells the status of a job from its submission to its end", async () => {
    await using client = bench().client();
    await using worker = await bench().worker();
    const name = fresh("status");
    const job = await client.submit(name, "", { background: true });
    expect(await client.status(job)).toEqual({ known: true, running: false, numerator: 0, denominator: 0 });
    const { handle } = await worker.take(name);
    worker.send("WORK_STATUS", handle, "7", "10");
    await worker.handled();
    const running = { known: true, running: true, numerator: 7, denominator: 10 };
    expect(await client.status(job)).toEqual(running);
    expect(await client.status(job.handle)).toEqual(running);
    worker.send("WORK_COMPLETE", handle, "");
    await worker.handled();
    expect(await client.status(job)).toEqual({ known: false, running: false, numerator: 0, denominator: 0 });
  });

  it("tells the status by the unique, and how many wait", async () => {
    await using client = bench().client();
    await using other = bench().client();
    await using worker = await bench().worker();
    const [name, unique] = [fresh("shared"), fresh("ü")];
    const job = await client.submit(name, "", { unique });
    await other.submit(name, "", { unique });
    expect(await client.statusByUnique(unique)).toMatchObject({ known: true, running: false, clients: 2 });
    const { handle } = await worker.take(name);
    expect(await client.statusByUnique(unique)).toMatchObject({ known: true, running: true, clients: 2 });
    worker.send("WORK_COMPLETE", handle, "");
    await job.result;
    expect(await client.statusByUnique(unique)).toMatchObject({ known: false, running: false, clients: 0 });
  });

  it("echoes bytes, text and nothing", async () => {
    await using client = bench().client();
    expect(await client.echo(Buffer.from([0, 1, 255]))).toEqual(Buffer.from([0, 1, 255]));
    expect((await client.echo("größe")).toString()).toBe("größe");
    expect(await client.echo()).toEqual(Buffer.alloc(0));
  });

  it("keeps many questions of all kinds apart, among submits", async () => {
    await using client = bench().client();
    const name = fresh("mixed");
    const round = (index: number) =>
      Promise.all([
        client.echo(`echo ${index}`).then((echo) => expect(echo.toString()).toBe(`echo ${index}`)),
        client.status(`H:nobody:${index}`).then((status) => expect(status.known).toBe(false)),
        client.statusByUnique(`nobody ${index}`).then((status) => expect(status.clients).toBe(0)),
        client
          .submit(name, "", { unique: `${index}`, background: true })
          .then((job) => expect(job.handle).not.toBe("")),
      ]);
    await Promise.all(Array.from({ length: 100 }, (_, index) => round(index)));
  });

  it("asks while it still connects", async () => {
    await using client = bench().client();
    const submitted = client.submit(fresh("early"), "", { background: true });
    expect((await client.echo("now")).toString()).toBe("now");
    await submitted;
  });

  it("shows its id in `workers`", async () => {
    await using admin = await bench().worker();
    const id = fresh("client");
    await using client = bench().client({ id });
    await client.echo();
    expect(await admin.text("workers")).toMatch(new RegExp(`^\\d+ \\S+ ${id} :`, "m"));
  });

  it("says with which code a server refused a job", async () => {
    await using admin = await bench().worker();
    await using client = bench().client();
    const name = fresh("small");
    await client.submit(name, "", { background: true });
    expect(await admin.text(`maxqueue ${name} 1`)).toBe("OK\r\n");
    const error = await gearmanError(client.submit(name, ""));
    expect(error).toMatchObject({ code: "REFUSED", serverCode: "QUEUE_ERROR", next: "retry" });
    expect(error.message).toContain("QUEUE_ERROR");
  });
});
