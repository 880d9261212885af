import { expect, it } from "vitest";
import { HandleSource } from "../../src/core/handles.ts";

it("handles are PREFIX:1 upwards", () => {
  const source = new HandleSource("H:host");
  expect([source.next(), source.next(), source.next()]).toEqual(["H:host:1", "H:host:2", "H:host:3"]);
});
