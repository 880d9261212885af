import { expect, expectTypeOf, it } from "vitest";
import {
  type BackgroundJob,
  Client,
  type ClientOptions,
  type Codec,
  type Job,
  type JobEvent,
  type JsonFunctions,
  type SubmitOptions,
  type TextFunctions,
} from "../../src/client/index.ts";
import { codeOf } from "../support/client-outcome.ts";
import { fresh, onServers } from "../support/client-servers.ts";

/** As a user may write it: a type, or an interface. */
type ImageType = { thumbnail: { workload: { path: string }; result: { bytes: number }; data: { percent: number } } };
interface ImageInterface {
  readonly thumbnail: { readonly workload: { readonly path: string }; readonly result: { readonly bytes: number } };
}

it("gives jobs the types of the function map", () => {
  const byType = new Client<ImageType>({ codec: "json" });
  const submit = () => byType.submit("thumbnail", { path: "a.png" });
  expectTypeOf(submit).returns.resolves.toEqualTypeOf<Job<{ bytes: number }, { percent: number }>>();
  const run = () => byType.run("thumbnail", { path: "a.png" });
  expectTypeOf(run).returns.resolves.toEqualTypeOf<{ bytes: number }>();
  const byInterface = new Client<ImageInterface>({ codec: "json" });
  const other = () => byInterface.submit("thumbnail", { path: "a.png" });
  expectTypeOf(other).returns.resolves.toEqualTypeOf<Job<{ readonly bytes: number }, { readonly bytes: number }>>();
  // @ts-expect-error there is no such function
  void (() => byType.submit("thumbnails", { path: "a.png" }));
  // @ts-expect-error it takes another workload
  void (() => byType.run("thumbnail", "a.png"));
  expectTypeOf<Job<{ bytes: number }, { percent: number }>>().toExtend<AsyncIterable<JobEvent<{ percent: number }>>>();
});

it("gives bytes without a map", () => {
  const client = new Client();
  const run = (options?: SubmitOptions & { background?: false; at?: undefined }) => client.run("any", "text", options);
  expectTypeOf(run).returns.resolves.toEqualTypeOf<Buffer>();
  // @ts-expect-error an object is not bytes
  void (() => client.run("any", {}));
});

it("gives a BackgroundJob in the background, a Job else, and either if it cannot be known", () => {
  const client = new Client();
  const inBackground = () => client.submit("f", "", { background: true });
  expectTypeOf(inBackground).returns.resolves.toEqualTypeOf<BackgroundJob>();
  const later = () => client.submit("f", "", { at: new Date() });
  expectTypeOf(later).returns.resolves.toEqualTypeOf<BackgroundJob>();
  const inForeground = () => client.submit("f", "", { background: false, priority: "low" });
  expectTypeOf(inForeground).returns.resolves.toEqualTypeOf<Job<Buffer>>();
  const either = (options: SubmitOptions) => client.submit("f", "", options);
  expectTypeOf(either).returns.resolves.toEqualTypeOf<BackgroundJob | Job<Buffer>>();
  // @ts-expect-error nobody waits for a job in the background
  void (() => client.run("f", "", { background: true }));
});

it("wants to be told the codec of a map", () => {
  expectTypeOf<ClientOptions<ImageType>>().toHaveProperty("codec");
  // @ts-expect-error no options
  void (() => new Client<ImageType>());
  // @ts-expect-error no codec
  void (() => new Client<ImageInterface>({ servers: "a" }));
  // @ts-expect-error no codec
  void (() => new Client<TextFunctions>({}));
  // @ts-expect-error a codec without a map
  void (() => new Client({ codec: "json" }));
});

/** A user's own: numbers as one byte. */
const NUMBERS: Codec = {
  encode: (value) => Buffer.from([Number(value)]),
  decode: (bytes) => {
    if (bytes.length !== 1) throw new Error("not one byte");
    return bytes[0];
  },
};

onServers((bench) => {
  it("speaks text", async () => {
    await using client = new Client<TextFunctions>({ servers: bench().address, codec: "text" });
    await using worker = await bench().worker();
    const name = fresh("text");
    const result = client.run(name, "größe");
    const { handle, workload } = await worker.take(name);
    worker.send("WORK_COMPLETE", handle, workload);
    expect(await result).toBe("größe");
  });

  it("speaks JSON, in data as in results", async () => {
    await using client = new Client<JsonFunctions>({ servers: bench().address, codec: "json" });
    await using worker = await bench().worker();
    const name = fresh("json");
    const job = await client.submit(name, { a: [1] });
    const { handle, workload } = await worker.take(name);
    expect(workload).toBe('{"a":[1]}');
    worker.send("WORK_DATA", handle, "[2]");
    worker.send("WORK_COMPLETE", handle, "null");
    const events: unknown[] = [];
    for await (const event of job) events.push(event);
    expect(events).toEqual([{ kind: "data", data: [2] }]);
    expect(await job.result).toBeNull();
  });

  it("speaks as the user's codec does, and fails a job whose result that cannot read", async () => {
    const map = { servers: bench().address, codec: NUMBERS };
    await using client = new Client<Record<string, { workload: number; result: number }>>(map);
    await using worker = await bench().worker();
    const name = fresh("numbers");
    const [good, bad, badData] = [client.run(name, 65), codeOf(client.run(name, 66)), codeOf(client.run(name, 67))];
    const answers = { A: "B", B: "too long", C: "C" };
    for (let count = 0; count < 3; count++) {
      const { handle, workload } = await worker.take(name);
      if (workload === "C") worker.send("WORK_DATA", handle, "too long");
      worker.send("WORK_COMPLETE", handle, answers[workload as keyof typeof answers]);
    }
    expect([await good, await bad, await badData]).toEqual([66, "CODEC", "CODEC"]);
  });

  it("submits nothing that its codec cannot encode", async () => {
    await using client = new Client<JsonFunctions>({ servers: bench().address, codec: "json" });
    expect(await codeOf(client.run("f", 1n))).toBe("CODEC");
  });
});
