import { afterEach, expect, it, vi } from "vitest";
import { Homeless } from "../../src/client/homeless.ts";
import { submitRequest } from "../../src/client/request.ts";
import { Submission } from "../../src/client/submission.ts";
import { codecOf } from "../../src/link/codec.ts";
import { codeOf } from "../support/client-outcome.ts";

const submission = (): Submission => new Submission(submitRequest("f", Buffer.alloc(0), {}), codecOf("bytes"), {});
const why = () => ({ message: "all down", cause: undefined });

afterEach(() => vi.useRealTimers());

it("gives jobs that were taken out all the time they need", () => {
  vi.useFakeTimers();
  const homeless = new Homeless(1000);
  const job = submission();
  homeless.add(job, why);
  homeless.takeAll();
  vi.advanceTimersByTime(2000);
  expect(job.settled).toBe(false);
});

it("keeps jobs in order until a server is there", () => {
  const homeless = new Homeless(60_000);
  const jobs = [submission(), submission(), submission()];
  for (const job of jobs) homeless.add(job, why);
  expect(homeless.takeAll()).toEqual(jobs);
  expect(homeless.takeAll()).toEqual([]);
});

it("forgets a job that is given up", () => {
  const homeless = new Homeless(Number.POSITIVE_INFINITY);
  const [kept, givenUp] = [submission(), submission()];
  for (const job of [givenUp, kept]) homeless.add(job, why);
  givenUp.fail(new Error("never mind"));
  expect(homeless.takeAll()).toEqual([kept]);
});

it("fails a job at once if it is not to wait, and forgets one that has waited too long", async () => {
  const [hasty, patient] = [submission(), submission()];
  new Homeless(0).add(hasty, why);
  expect(hasty.settled).toBe(true);
  const homeless = new Homeless(1);
  homeless.add(patient, why);
  expect(await codeOf(patient.result.promise)).toBe("NO_SERVER");
  expect(homeless.takeAll()).toEqual([]);
});

it("holds no workload of a job that was given up", () => {
  const large = new Submission(submitRequest("f", Buffer.alloc(1000), {}), codecOf("bytes"), {});
  large.fail(new Error("never mind"));
  expect(large.request.payload).toHaveLength(0);
});
