import { expect, test } from "vitest";
import { durabilityText } from "../../src/store/durability.ts";

test("says what becomes of the jobs", () => {
  expect(durabilityText("full")).toBe(
    "durability full: of acknowledged background jobs a crash of the server loses none, a power cut none",
  );
});
