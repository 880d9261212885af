import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { runScenario, type Target } from "./run.ts";
import { parseTranscript, type Scenario } from "./transcript.ts";

const DIRECTORY = new URL("transcripts/", import.meta.url);

export interface Transcript {
  readonly file: string;
  readonly scenarios: readonly Scenario[];
}

export function transcripts(): Transcript[] {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith(".txt"));
  return files.sort().map((file) => ({ file, scenarios: parse(file) }));
}

function parse(file: string): Scenario[] {
  try {
    return parseTranscript(readFileSync(new URL(file, DIRECTORY), "utf8"));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

/** One test for each scenario that has something to say about the target's side. */
export function playAll(target: Target): void {
  for (const { file, scenarios } of transcripts()) {
    describe.concurrent(file, () => {
      for (const scenario of scenarios) {
        const steps = scenario.steps.filter(({ side }) => side === "both" || side === target.side);
        if (steps.length > 0) it(scenario.title, () => runScenario(scenario, target));
      }
    });
  }
}
