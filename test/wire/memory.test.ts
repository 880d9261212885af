import { describe } from "vitest";
import { memory } from "./memory-target.ts";
import { playAll } from "./suite.ts";

describe("the transcripts in memory", () => playAll(memory));
