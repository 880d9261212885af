import { expect } from "vitest";
import type { Library } from "../support/interop-libraries.ts";
import { type Programs, test } from "../support/interop-programs.ts";
import { ask, row, type Server } from "../support/interop-servers.ts";
import { type Client, startClient, startWorker } from "../support/interop-sessions.ts";

/** What one library shows of the protocol, and how it words it. */
export interface Traits {
  /** The events of a task of `events`, done by a worker of the same library. */
  readonly events: readonly string[];
  /** The status of a running job at 3/10, and of a job that the server does not know. */
  readonly status: { readonly held: string; readonly unknown: string };
  /** Whether its worker can tell the unique of a job. */
  readonly seesUnique: boolean;
  /** Whether its connections turn on exceptions by themselves. */
  readonly exceptionsAlways: boolean;
  /** What it says of an exception. */
  readonly exception: string;
  /** Its own way to ask for an echo, and what it then says; undefined: it has none. */
  readonly echo: readonly string[] | undefined;
}

let functions = 0;
/** A name for functions that no other test uses. */
export const prefix = (): string => `test${++functions}`;

/** Round trips, without waiting, until the answer is the expected one; then it is compared, to show what came instead. */
export async function becomes<T>(expected: T, ask: () => Promise<T>): Promise<void> {
  let answer = await ask();
  for (let tries = 0; tries < 1000 && JSON.stringify(answer) !== JSON.stringify(expected); tries++)
    answer = await ask();
  expect(answer).toEqual(expected);
}

/** Submits a foreground task called A and returns once the server has accepted it; `reply` then has the rest. */
async function task(client: Client, name: string, unique = ""): Promise<void> {
  client.send("add-normal", { function: name, unique, workload: "x", extra: "A" });
  client.send("run");
  for (let event = ""; !event.startsWith("task A created"); ) event = await client.event();
}

/** All that came back of a job: gearmanode's worker can send bytes only as data, others send them with the end. */
export function result(events: readonly string[]): string {
  return events.map((event) => /^(?:data|complete) (.*)$/s.exec(event)?.[1] ?? "").join("");
}

/** The last event of a task that was begun with `task`. */
async function outcome(client: Client): Promise<string | undefined> {
  const first = await client.reply();
  return (first.events.length > 0 ? first : await client.reply()).events.at(-1);
}

/** Every job type through client and worker of one library. */
export function everyJobType(server: () => Server, library: Library, traits: Traits): void {
  const start = async (programs: Programs, name: string, ...options: string[]) => ({
    client: startClient(programs, library, server()),
    worker: await startWorker(programs, library, server(), name, ...options),
  });

  test("foreground jobs of every priority", async ({ programs }) => {
    const name = prefix();
    const { client } = await start(programs, name);
    for (const op of ["normal", "high", "low"]) {
      const reply = await client.request(op, { function: `${name}-reverse`, workload: "abc" });
      expect([result(reply.events), reply.end]).toEqual(["cba", "ok"]);
    }
  });

  test("background jobs run by priority once a worker comes", async ({ programs }) => {
    const name = prefix();
    const client = startClient(programs, library, server());
    const handles: Record<string, string | undefined> = {};
    for (const priority of ["low", "normal", "high"]) {
      const reply = await client.request(`${priority}-background`, {
        function: `${name}-reverse`,
        workload: priority,
      });
      handles[priority] = reply.handles[0];
    }
    const worker = await startWorker(programs, library, server(), name);
    for (const priority of ["high", "normal", "low"]) {
      expect(await worker.job()).toMatchObject({ workload: priority, handle: handles[priority] });
    }
  });

  test("data, warning and status on the way to a result", async ({ programs }) => {
    const name = prefix();
    const { client } = await start(programs, name);
    const added = await client.request("add-normal", { function: `${name}-events`, workload: "x", extra: "A" });
    const run = await client.request("run");
    expect([...added.events, ...run.events]).toEqual(traits.events.map((event) => `task A ${event}`));
  });

  test("a set of tasks, one of which fails", async ({ programs }) => {
    const name = prefix();
    const { client } = await start(programs, name);
    const replies = [
      await client.request("add-normal", { function: `${name}-reverse`, workload: "one", extra: "A" }),
      await client.request("add-high", { function: `${name}-fail`, workload: "two", extra: "B" }),
      await client.request("add-low", { function: `${name}-reverse`, workload: "three", extra: "C" }),
      await client.request("run"),
    ];
    const events = replies.flatMap((reply) => reply.events).map((event) => event.replace(/(?<=fail).*/, ""));
    expect(events.filter((event) => !/created|data/.test(event)).sort()).toEqual([
      expect.stringMatching(/^task A complete (eno)?$/),
      expect.stringMatching(/^task B (fail|exception )$/),
      expect.stringMatching(/^task C complete (eerht)?$/),
    ]);
  });

  test("an exception reaches a client that asked for exceptions", async ({ programs }) => {
    const name = prefix();
    const { client } = await start(programs, name);
    await client.request("option", { function: "exceptions" });
    const { events } = await client.request("normal", { function: `${name}-exception`, workload: "x" });
    expect(events.at(-1)).toBe(traits.exception);
  });

  test("an exception is a failure for a client that did not", async ({ programs, skip }) => {
    if (traits.exceptionsAlways) skip(`${library.name} asks for exceptions on every connection`);
    // gearmand#108: its WORK_FAIL then carries a NUL behind the handle, and clients wait for ever or give up
    if (server().name === "gearmand") skip("gearmand#108");
    const name = prefix();
    const { client } = await start(programs, name);
    const { events } = await client.request("normal", { function: `${name}-exception`, workload: "x" });
    expect(events.at(-1)).toBe("fail");
  });

  test("two clients with one unique share one job", async ({ programs }) => {
    const name = prefix();
    const { client, worker } = await start(programs, name);
    const other = startClient(programs, library, server());
    await task(client, `${name}-hold`, "same");
    const { handle, unique } = await worker.job();
    await task(other, `${name}-hold`, "same");
    worker.release();
    expect([await outcome(client), await outcome(other)]).toEqual(Array(2).fill("task A complete released"));
    expect(unique).toBe(traits.seesUnique ? "same" : "");
    await other.request("normal", { function: `${name}-reverse`, workload: "next" });
    const next = await worker.job();
    expect([next.workload, next.handle === handle]).toEqual(["next", false]);
  });

  test("status of a background job", async ({ programs }) => {
    const name = prefix();
    const { client, worker } = await start(programs, name);
    const { handles } = await client.request("normal-background", { function: `${name}-hold`, workload: "x" });
    await worker.job();
    const status = async () => (await client.request("status", { function: handles[0] ?? "" })).events;
    await becomes([traits.status.held], status);
    worker.release();
    await becomes([traits.status.unknown], status);
  });

  test("a job whose worker dies is given to another", async ({ programs }) => {
    const name = prefix();
    const { client, worker } = await start(programs, name);
    await task(client, `${name}-hold`);
    const { handle } = await worker.job();
    const [second] = await Promise.all([startWorker(programs, library, server(), name), worker.stop()]);
    expect((await second.job()).handle).toBe(handle);
    second.release();
    expect(await outcome(client)).toBe("task A complete released");
  });

  test("a job that takes longer than its function may is given to another worker", async ({ programs }) => {
    const name = prefix();
    const { client, worker } = await start(programs, name);
    await task(client, `${name}-hold-timeout`);
    const { handle } = await worker.job();
    const second = await startWorker(programs, library, server(), name);
    expect((await second.job()).handle).toBe(handle);
    second.release();
    expect(await outcome(client)).toBe("task A complete released");
  });

  test("a worker leaves a function", async ({ programs }) => {
    const name = prefix();
    const { client } = await start(programs, name);
    const status = () => row(server(), "status", `${name}-reverse`);
    await becomes(`${name}-reverse\t0\t0\t1`, status);
    await client.request("normal", { function: `${name}-leave`, workload: "x" });
    // libgearman tells it to the server when a NOOP has woken it the next time
    await becomes(`${name}-reverse\t0\t0\t0`, async () => {
      await client.request("normal-background", { function: `${name}-events`, workload: "x" });
      return status();
    });
  });

  test("a worker gives itself a name", async ({ programs }) => {
    const name = prefix();
    await startWorker(programs, library, server(), name, `id=id-of-${name}`);
    await becomes(true, () => named(server(), name));
  });

  test("an echo", async ({ programs, skip }) => {
    if (traits.echo === undefined) skip(`${library.name} has no echo`);
    const client = startClient(programs, library, server());
    const { events, end } = await client.request("echo", { workload: "hello\n" });
    expect([events, end]).toEqual([traits.echo, "ok"]);
  });
}

/** Tasks of all priorities, foreground and background, in one run: where a library has a set of tasks that runs as one. */
export function everyKindOfTask(server: () => Server, library: Library): void {
  const kinds = ["high", "low", "normal"];

  test("tasks of all six kinds in one run", async ({ programs }) => {
    const name = prefix();
    const reverse = `${name}-reverse`;
    const client = startClient(programs, library, server());
    const worker = await startWorker(programs, library, server(), name);
    for (const kind of kinds) {
      await client.request(`add-${kind}`, { function: reverse, workload: "ab", extra: kind });
      await client.request(`add-${kind}-background`, { function: reverse, workload: "x", extra: `${kind}-bg` });
    }
    const { events, end } = await client.request("run");
    expect([[...events].sort(), end]).toEqual([
      kinds.flatMap((kind) => [`task ${kind} complete ba`, `task ${kind} created`, `task ${kind}-bg created`]).sort(),
      "ok",
    ]);
    const workloads = [];
    for (let job = 0; job < 6; job++) workloads.push((await worker.job()).workload);
    expect(workloads.sort()).toEqual(["ab", "ab", "ab", "x", "x", "x"]);
  });
}

async function named(server: Server, name: string): Promise<boolean> {
  const line = (await ask(server, "workers")).find((text) => text.includes(` id-of-${name} : `));
  return line?.includes(` ${name}-reverse`) ?? false;
}
