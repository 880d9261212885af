import { expect, test } from "vitest";
import { Client, type GearmanError, Worker } from "../../src/index.ts";

/** As JavaScript, which knows no types, would call it. */
const untyped = (value: unknown): never => value as never;

const failure = (attempt: () => unknown): Pick<GearmanError, "code" | "message"> => {
  try {
    attempt();
  } catch (error) {
    const { code, message } = error as GearmanError;
    return { code, message };
  }
  throw new Error("nothing was thrown");
};

test.each<[string, () => unknown, RegExp]>([
  [
    "an option of a client",
    () => new Client(untyped({ server: "x" })),
    /options\.server is unknown; known are: servers,/,
  ],
  ["an option of a worker", () => new Worker(untyped({ concurency: 3 })), /options\.concurency is unknown/],
  ["a codec", () => new Client(untyped({ codec: "yaml" })), /codec must be "bytes", "text", "json" or an object/],
  ["a choice", () => new Client(untyped({ choose: "random" })), /choose must be "hash" or "round-robin" or "in-order"/],
  ["a file of certificates", () => new Worker(untyped({ tls: { cert: "x" } })), /options\.tls\.cert is unknown/],
])("%s that there is not is refused", (_what, attempt, message) => {
  expect(failure(attempt)).toEqual({ code: "ARGUMENT", message: expect.stringMatching(message) });
});

test("an option of a call that there is not is refused", async () => {
  await using client = new Client({ servers: "127.0.0.1:1" });
  await expect(client.submit("f", "", untyped({ backgroud: true }))).rejects.toMatchObject({ code: "ARGUMENT" });
  await using worker = new Worker({ servers: "127.0.0.1:1" });
  expect(failure(() => worker.register("f", () => {}, untyped({ timout: 1 })))).toMatchObject({ code: "ARGUMENT" });
});

test("who waits for a function that is taken back waits no more", async () => {
  await using worker = new Worker({ servers: "127.0.0.1:1" });
  worker.register("f", () => {});
  const ready = worker.ready();
  await worker.unregister("f");
  await ready;
});
