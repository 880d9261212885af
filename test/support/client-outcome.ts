import type { JobEvent } from "../../src/client/events.ts";
import { GearmanError } from "../../src/link/errors.ts";

/** The error with which it is rejected; fails when it is not, or with another kind. */
export async function gearmanError(attempt: Promise<unknown>): Promise<GearmanError> {
  const outcome = await attempt.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in outcome)) throw new Error(`it did not fail, but gave ${String(outcome.value)}`);
  if (outcome.error instanceof GearmanError) return outcome.error;
  throw outcome.error;
}

/** The code with which it is rejected. */
export const codeOf = async (attempt: Promise<unknown>): Promise<string> => (await gearmanError(attempt)).code;

/** All events of a job as short texts. */
export async function eventsOf(job: AsyncIterable<JobEvent>): Promise<string[]> {
  const events: string[] = [];
  for await (const event of job) events.push(show(event));
  return events;
}

export function show(event: JobEvent): string {
  return event.kind === "status" ? `status ${event.numerator}/${event.denominator}` : `${event.kind} ${event.data}`;
}
