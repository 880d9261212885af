import { describe } from "vitest";
import { durable } from "./durable-target.ts";
import { playAll } from "./suite.ts";

describe("the transcripts against a data directory", () => playAll(durable));
