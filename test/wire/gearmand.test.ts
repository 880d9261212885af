import { describe } from "vitest";
import { referenceInstalled } from "../support/reference.ts";
import { playAll } from "./suite.ts";
import { gearmand } from "./targets.ts";

// Proves that the transcripts say what gearmand 1.1.20 does, so that what the other two suites ask of ours is right.
describe.skipIf(!referenceInstalled)("the transcripts against gearmand 1.1.20", () => playAll(gearmand));
