import type { Payload } from "../../link/payload.ts";
import { linesOf, withoutLineEnd } from "./lines.ts";
import type { ClientPlan } from "./plan.ts";
import { input, wholeInput } from "./standard-input.ts";

/** What goes into one job for each function. */
export interface Workload {
  readonly payload: Payload;
  /** What a person would call it by: an argument, a line. */
  readonly text: string;
}

/** The workloads of a client, as it comes to need them. */
export async function* workloadsOf({ workloads, lines }: ClientPlan): AsyncGenerator<Workload> {
  if (workloads !== undefined) {
    for (const text of workloads) yield { payload: Buffer.from(text, "utf8"), text };
  } else if (lines === "whole") {
    yield { payload: await wholeInput(), text: "" };
  } else {
    for await (const line of linesOf(input())) {
      const payload = lines === "stripped" ? withoutLineEnd(line) : line;
      yield { payload, text: payload.toString("utf8", 0, 100) };
    }
  }
}
