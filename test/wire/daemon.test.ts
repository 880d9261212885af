import { afterAll, describe } from "vitest";
import { DaemonTarget } from "./daemon-target.ts";
import { playAll } from "./suite.ts";

describe("the transcripts against the daemon", () => {
  const target = new DaemonTarget();
  afterAll(() => target.stopAll());
  playAll(target);
});
