import { expect, test } from "vitest";
import { durabilityText } from "../../src/store/durability.ts";

test("says what becomes of the jobs", () => {
  expect(durabilityText("full")).toBe(
    "durability full: of acknowledged background jobs, none is lost in a crash of the server, and none is lost in a power cut",
  );
});
